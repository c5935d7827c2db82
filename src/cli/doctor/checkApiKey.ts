import {
  CONNECT_TOKEN,
  CREDENTIAL,
  MODE_NUMBERS,
  TOKEN_ANSWER,
  TOKEN_REQUEST,
} from "../../contract.js";
import { type Finding, ok, unknown, wrong } from "./finding.js";
import { ask, fieldsOf, type Visited, whyUnreachable } from "./requests.js";

/** Checks the API key: asks Benji for one token that nobody uses. */
export async function checkKey(
  api: string,
  apiKey: string,
  partnershipId: string,
): Promise<Finding> {
  const check = "API key";
  let answer: Visited;
  try {
    answer = await ask(new URL(api + CONNECT_TOKEN.path), {
      method: "POST",
      headers: { "content-type": "application/json", [CREDENTIAL.apiKeyHeader]: apiKey },
      body: JSON.stringify({
        [TOKEN_REQUEST.partnershipId]: partnershipId,
        [TOKEN_REQUEST.mode]: MODE_NUMBERS.connect,
      }),
    });
  } catch (error) {
    return unknown(check, `${new URL(api).host} cannot be reached: ${whyUnreachable(error)}.`);
  }
  const said = fieldsOf(answer.text);
  const code = said[TOKEN_ANSWER.code] ?? said[TOKEN_ANSWER.error];
  if (answer.status === 401 || code === "invalid_token")
    return wrong(
      check,
      `Benji refuses it (${answer.status}).`,
      "Look it up in Pilot, by environment.",
    );
  if (answer.status >= 500)
    return unknown(check, `Benji answers ${answer.status}; ask again later.`);
  if (answer.status !== 200 || code !== TOKEN_ANSWER.codeOk)
    return wrong(
      check,
      `Benji answers ${answer.status} for partnership ${partnershipId}.`,
      "Correct --partnership-id, or ask Benji whether Hosted Connect is enabled for it.",
    );
  const data = Object(said[TOKEN_ANSWER.data]) as Record<string, unknown>;
  if (data[TOKEN_ANSWER.connectUrl]) return ok(check, "Benji creates tokens for it.");
  return unknown(
    check,
    "Benji creates tokens for it, and says no connect_url.",
    "Ask Benji to enable Hosted Connect, or set hostedConnectUrl.",
  );
}
