import { TOKEN_ANSWER } from "../../contract.js";
import { BenjiApiError, type BenjiApiErrorDetails } from "./apiError.js";
import { ownField } from "../jsonObject.js";
import { readJsonBody } from "../readJsonBody.js";

/** The field `data` of Benji's answer, and the details for an error about that answer. */
export interface BenjiData {
  data: unknown;
  details: BenjiApiErrorDetails;
}

/** Enough for a user with thousands of merchants. A longer answer is not read to its end. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Benji's codes for a bad API key: they come with HTTP 400 as well as 401. */
const KEY_REFUSALS = ["invalid_token", "unauthorized_partner", "unauthorized_request"];

/**
 * Reads Benji's answer `{ code: "ok", data }`.
 *
 * @throws BenjiApiError `api_failed`, `api_rejected`, `api_malformed` or `api_unreachable`
 */
export async function readBenjiData(
  response: Response,
  secrets: readonly string[],
): Promise<BenjiData> {
  const { status: httpStatus } = response;
  const body = await readJsonBody(response, { maxBytes: MAX_ANSWER_BYTES });
  const answer = body.status === "json" ? body.value : undefined;
  const benjiCode = readBenjiCode(answer, secrets);
  const details = benjiCode === undefined ? { httpStatus } : { httpStatus, benjiCode };

  refuseHttpStatus(details);
  if (body.status === "broken") throw unreachable(details);
  if (body.status === "too_large") {
    throw malformed(`at most ${MAX_ANSWER_BYTES} bytes`, details);
  }
  refuseBenjiCode(answer, details);
  return { data: ownField(answer, TOKEN_ANSWER.data), details };
}

/** The error for an answer that ended early or never came. */
export const unreachable = (details: BenjiApiErrorDetails): BenjiApiError =>
  new BenjiApiError(
    "api_unreachable",
    "Expected an answer from Benji; none came through.",
    details,
  );

export const malformed = (expected: string, details: BenjiApiErrorDetails) =>
  new BenjiApiError("api_malformed", `Expected ${expected} in Benji's answer.`, details);

function refuseHttpStatus(details: BenjiApiErrorDetails & { httpStatus: number }): void {
  const { httpStatus } = details;
  if (httpStatus >= 200 && httpStatus < 300) return;
  if (httpStatus >= 500) {
    throw new BenjiApiError("api_failed", `Benji answered HTTP ${httpStatus}.`, details);
  }
  if (httpStatus === 404) {
    const hint = "Check the id, whether your key may see it, and the base URL.";
    throw new BenjiApiError("not_found", `Benji answered HTTP 404. ${hint}`, details);
  }
  if (httpStatus >= 400) {
    const hint = isKeyRefused(details)
      ? "It does not take the API key: check it, and that it belongs to this base URL."
      : "Check the API key, the base URL and the request.";
    throw new BenjiApiError("api_rejected", `Benji answered HTTP ${httpStatus}. ${hint}`, details);
  }
  // A redirect is not followed: it could carry the key to another host.
  throw malformed("no redirect (check baseUrl)", details);
}

const isKeyRefused = ({ benjiCode = "" }: BenjiApiErrorDetails) => KEY_REFUSALS.includes(benjiCode);

function refuseBenjiCode(answer: unknown, details: BenjiApiErrorDetails): void {
  const code = ownField(answer, TOKEN_ANSWER.code);
  if (code === TOKEN_ANSWER.codeOk) return;
  if (typeof readRefusal(answer) !== "string")
    throw malformed('JSON { code: "ok", data }', details);
  const hint = isKeyRefused(details) ? " Benji does not take the API key: check it." : "";
  throw new BenjiApiError(
    "api_rejected",
    `Expected code "ok" from Benji; another came.${hint}`,
    details,
  );
}

/** Returns Benji's error code; `undefined` for free text and for a text that repeats a secret. */
function readBenjiCode(answer: unknown, secrets: readonly string[]): string | undefined {
  const code = readRefusal(answer);
  const isWord = typeof code === "string" && /^\w{1,64}$/.test(code);
  const isEcho = isWord && secrets.some((secret) => sharesText(code, secret));
  return isWord && !isEcho ? code : undefined;
}

/**
 * A code that repeats this many characters of a secret is omitted. A shorter part reveals nothing
 * useful.
 */
const ECHO_LENGTH = 8;

/**
 * Compares letters and digits only: a code may repeat a part of the key, in capitals or with other
 * separators.
 */
function sharesText(code: string, secret: string): boolean {
  const [said, kept] = [lettersOf(code), lettersOf(secret)];
  const length = Math.min(ECHO_LENGTH, kept.length);
  for (let at = 0; at + length <= kept.length; at++)
    if (said.includes(kept.slice(at, at + length))) return true;
  return false;
}

const lettersOf = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Benji's documents show the error code in `code` on some pages and in `error` on the others. */
function readRefusal(answer: unknown): unknown {
  const code = ownField(answer, TOKEN_ANSWER.code);
  const isRefusal = typeof code === "string" && code !== TOKEN_ANSWER.codeOk;
  return isRefusal ? code : ownField(answer, TOKEN_ANSWER.error);
}

/** Returns a required text field; the error calls it `<path>.<name>`. */
export function requiredText(
  data: unknown,
  name: string,
  details: BenjiApiErrorDetails,
  path = "data",
): string {
  const text = ownField(data, name);
  if (typeof text === "string" && text !== "") return text;
  throw malformed(`${path}.${name} as text`, details);
}
