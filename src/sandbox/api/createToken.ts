import { answerOk, refuseInput } from "./apiAnswers.js";
import { hasAccessToken, hasApiKey, isRecord, readCall, type Credentials } from "./readCall.js";
import { isTokenMode } from "../records/tokens.js";
import type { TokenAction, TokenContents, TokenStore } from "../records/tokens.js";

export interface ApiContext extends Credentials {
  readonly tokens: TokenStore<TokenContents>;
  /** Returns the `connect_url` for the answer; empty when Hosted Connect is not enabled. */
  connectUrlFor(partnershipId: string, request: Request): string;
  /** Called with the partnership of each new connect token. */
  readonly addPartnership: (partnershipId: string | undefined) => void;
}

type Parsed = { readonly contents: TokenContents } | { readonly problem: string };

/** Answers `POST /auth/connect`, with the partner API key. */
export async function answerCreateToken(request: Request, context: ApiContext): Promise<Response> {
  const call = await readCall(request, () =>
    hasApiKey(request, context)
      ? undefined
      : "The x-api-key header is missing or not a key of this sandbox.",
  );
  if ("refusal" in call) return call.refusal;

  const { partnership_id } = call.body;
  if (!isId(partnership_id)) {
    return refuseInput("partnership_id is required: a string or a number.");
  }
  const parsed = parseTokenRequest(call.body);
  if ("problem" in parsed) return refuseInput(parsed.problem);

  context.addPartnership(parsed.contents.partnershipId);
  const token = context.tokens.create(parsed.contents);
  return answerOk({ token, connect_url: context.connectUrlFor(String(partnership_id), request) });
}

/**
 * Answers the older `POST /verify/token/create`, which makes a token for Benji's embedded SDK. The request
 * must carry the partner access token.
 */
export async function answerCreateSdkToken(
  request: Request,
  context: ApiContext,
): Promise<Response> {
  const call = await readCall(request, () =>
    hasAccessToken(request, context)
      ? undefined
      : "The Authorization header is missing or carries no access token of this sandbox.",
  );
  if ("refusal" in call) return call.refusal;

  const parsed = parseTokenRequest(call.body);
  if ("problem" in parsed) return refuseInput(parsed.problem);
  return answerOk({ token: context.tokens.create(parsed.contents) });
}

// Undocumented fields are accepted, because the documents' own examples carry some.
function parseTokenRequest(body: Record<string, unknown>): Parsed {
  const { partnership_id, mode, display_name, user_external_id, custom_attributes } = body;

  if (partnership_id !== undefined && !isId(partnership_id)) {
    return { problem: "partnership_id is not a string or a number." };
  }
  if (!isTokenMode(mode)) {
    return { problem: "mode is required: 1 (Connect), 3 (Transfer) or 4 (Redeem)." };
  }
  if (!isOptionalText(display_name)) return { problem: "display_name is not a string." };
  if (!isOptionalText(user_external_id)) return { problem: "user_external_id is not a string." };

  const actions = parseActions(custom_attributes);
  if (!actions) {
    const shape = "{ mode: 3 or 4, amount: number, allows_editing: boolean }";
    return { problem: `custom_attributes.actions is not a list of ${shape}.` };
  }

  const partnershipId = partnership_id === undefined ? undefined : String(partnership_id);
  const userExternalId = user_external_id;
  return { contents: { partnershipId, mode, displayName: display_name, userExternalId, actions } };
}

function parseActions(attributes: unknown): readonly TokenAction[] | undefined {
  if (attributes === undefined) return [];
  if (!isRecord(attributes)) return undefined;
  const { actions = [] } = attributes;
  if (!Array.isArray(actions)) return undefined;
  const parsed = actions.map(parseAction);
  return parsed.every((action) => action !== undefined) ? parsed : undefined;
}

function parseAction(action: unknown): TokenAction | undefined {
  if (!isRecord(action)) return undefined;
  const { mode, amount, allows_editing } = action;
  if (mode !== 3 && mode !== 4) return undefined;
  if (typeof amount !== "number" || !Number.isFinite(amount)) return undefined;
  if (typeof allows_editing !== "boolean") return undefined;
  return { mode, amount, allowsEditing: allows_editing };
}

// An id is a string in the documents' table and a number in their examples: both are accepted.
function isId(value: unknown): value is string | number {
  return typeof value === "string" ? value !== "" : Number.isFinite(value);
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}
