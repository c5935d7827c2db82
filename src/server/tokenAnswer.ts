import { TOKEN_ANSWER } from "../contract.js";
import { BenjiApiError, type BenjiApiErrorDetails } from "./apiError.js";
import { ownField } from "./jsonObject.js";
import { readJsonBody } from "./readJsonBody.js";

/** A fresh connect token and the page it opens. */
export interface ConnectToken {
  /** A bearer secret: hand it to this one member's browser, and keep it nowhere. */
  token: string;
  /** Base URL of Hosted Connect; `""` where it is not enabled for the account. */
  connectUrl: string;
}

/** A real answer has a few hundred bytes; a longer one than this is not read to its end. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Reads Benji's answer to `POST /auth/connect`.
 *
 * @throws BenjiApiError `api_failed`, `api_rejected`, `api_malformed` or `api_unreachable`
 */
export async function readTokenAnswer(response: Response, apiKey: string): Promise<ConnectToken> {
  const { status: httpStatus } = response;
  const body = await readJsonBody(response, MAX_ANSWER_BYTES);
  const answer = body.status === "json" ? body.value : undefined;
  const benjiCode = readBenjiCode(answer, apiKey);
  const details = benjiCode === undefined ? { httpStatus } : { httpStatus, benjiCode };

  refuseHttpStatus(details);
  if (body.status === "broken") throw unreachable(details);
  refuseBenjiCode(answer, details);
  return parseConnectToken(ownField(answer, TOKEN_ANSWER.data), details);
}

/** The answer ended early, or none came at all. */
export const unreachable = (details: BenjiApiErrorDetails): BenjiApiError =>
  new BenjiApiError(
    "api_unreachable",
    "Expected an answer from Benji; none came through.",
    details,
  );

const malformed = (expected: string, details: BenjiApiErrorDetails) =>
  new BenjiApiError("api_malformed", `Expected ${expected} in Benji's answer.`, details);

function refuseHttpStatus(details: BenjiApiErrorDetails & { httpStatus: number }): void {
  const { httpStatus } = details;
  if (httpStatus >= 200 && httpStatus < 300) return;
  if (httpStatus >= 500) {
    throw new BenjiApiError("api_failed", `Benji answered HTTP ${httpStatus}.`, details);
  }
  if (httpStatus >= 400) {
    const hint = "Check the API key, the base URL and the request.";
    throw new BenjiApiError("api_rejected", `Benji answered HTTP ${httpStatus}. ${hint}`, details);
  }
  // A redirect is not followed: it would carry the key to wherever it points.
  throw malformed("no redirect (check baseUrl)", details);
}

function refuseBenjiCode(answer: unknown, details: BenjiApiErrorDetails): void {
  const code = ownField(answer, TOKEN_ANSWER.code);
  if (code === TOKEN_ANSWER.codeOk) return;
  if (typeof code !== "string") throw malformed('JSON { code: "ok", data }', details);
  throw new BenjiApiError("api_rejected", 'Expected code "ok" from Benji; another came.', details);
}

/** Benji's code, if it is a plain word: free text, or an echo of the key, is left behind. */
function readBenjiCode(answer: unknown, apiKey: string): string | undefined {
  const code = ownField(answer, TOKEN_ANSWER.code);
  const isWord = typeof code === "string" && /^\w{1,64}$/.test(code);
  return isWord && !code.includes(apiKey) && code !== TOKEN_ANSWER.codeOk ? code : undefined;
}

function parseConnectToken(data: unknown, details: BenjiApiErrorDetails): ConnectToken {
  const token = ownField(data, TOKEN_ANSWER.token);
  // Not marked as required in the document, and may be empty: both mean "no Hosted Connect URL".
  const connectUrl = ownField(data, TOKEN_ANSWER.connectUrl) ?? "";
  if (typeof token !== "string" || token === "") throw malformed("data.token as text", details);
  if (typeof connectUrl !== "string") throw malformed("data.connect_url as text", details);
  return { token, connectUrl };
}
