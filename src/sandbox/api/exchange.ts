import { answerOk, refuse, refuseInput } from "./apiAnswers.js";
import { hasAccessToken, hasApiKey, readCall, type Credentials } from "./readCall.js";
import { MERCHANT_ID } from "./answerEntity.js";
import { numericIdOf, userUuidOf } from "../records/identity.js";
import type { UserName } from "../records/identity.js";
import type { TokenStore } from "../records/tokens.js";

export interface ExchangeContext extends Credentials {
  readonly exchangeTokens: TokenStore<UserName>;
  now(): number;
}

const NINETY_DAYS_MS = 90 * 24 * 60 * 60 * 1_000;

const PROBLEMS = {
  unknown: {
    code: "invalid_exchange_token",
    message: "The exchange_token is not known here. It is not the connect token.",
  },
  expired: {
    code: "expired_exchange_token",
    message: "The exchange_token has expired: it works for 15 minutes.",
  },
  used: {
    code: "invalid_exchange_token",
    message: "The exchange_token was exchanged before: it works once.",
  },
} as const;

/**
 * Answers `POST /access/token/exchange`. Newer documents show `x-api-key`, older ones Bearer: both
 * work.
 */
export async function answerExchange(
  request: Request,
  context: ExchangeContext,
): Promise<Response> {
  const call = await readCall(request, () =>
    hasApiKey(request, context) || hasAccessToken(request, context)
      ? undefined
      : "Send a key of this sandbox in x-api-key, or an access token of it as Bearer.",
  );
  if ("refusal" in call) return call.refusal;

  const { exchange_token } = call.body;
  if (typeof exchange_token !== "string" || exchange_token === "") {
    return refuseInput("exchange_token is required: a string.");
  }
  const found = context.exchangeTokens.look(exchange_token);
  if (found.status !== "valid") return refuse({ status: 401, ...PROBLEMS[found.status] });

  context.exchangeTokens.invalidate(exchange_token, "used");
  return answerOk(await describeAccess(found.contents, context.now()));
}

async function describeAccess(user: UserName, now: number): Promise<object> {
  return {
    user_id: Number(numericIdOf(await userUuidOf(user))),
    merchant_id: MERCHANT_ID,
    token_data: {
      access_token: crypto.randomUUID(),
      refresh_token: crypto.randomUUID(),
      access_token_expires_at: new Date(now + NINETY_DAYS_MS).toUTCString(),
    },
  };
}
