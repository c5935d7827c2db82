import { TOKEN_ANSWER } from "../../contract.js";
import { BenjiConnectError } from "../../errors.js";

/** The bearer secret of one flow, and the address of Benji's page. */
export interface ConnectToken {
  token: string;
  /** Empty where Hosted Connect is not enabled for the account. */
  connectUrl: string;
}

/**
 * Reads what `fetchConnectToken` returned: `{ token, connect_url }`, `{ token, connectUrl }` or
 * Benji's envelope `{ code: "ok", data }`. Every other field is ignored.
 *
 * @throws BenjiConnectError `token_malformed`, naming the field and never its value.
 */
export function parseConnectToken(answer: unknown): ConnectToken {
  const body = own(answer, TOKEN_ANSWER.data) === undefined ? answer : envelopeData(answer);
  const token = own(body, TOKEN_ANSWER.token);
  const connectUrl = own(body, TOKEN_ANSWER.connectUrl) ?? own(body, "connectUrl") ?? "";
  if (typeof token !== "string" || !token) throw malformed(TOKEN_ANSWER.token);
  if (typeof connectUrl !== "string") throw malformed(TOKEN_ANSWER.connectUrl);
  return { token, connectUrl };
}

function envelopeData(answer: unknown): unknown {
  if (own(answer, TOKEN_ANSWER.code) !== TOKEN_ANSWER.codeOk) throw malformed(TOKEN_ANSWER.code);
  return own(answer, TOKEN_ANSWER.data);
}

// Reads own fields only: no value may come from a polluted prototype.
const own = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.prototype.hasOwnProperty.call(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const malformed = (field: string) => new BenjiConnectError("token_malformed", `"${field}"`);
