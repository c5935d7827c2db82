import { isTokenMode } from "./tokens.js";
import type { TokenAction, TokenContents, TokenStore } from "./tokens.js";

export interface ApiWorld {
  readonly apiKeys: readonly string[];
  readonly tokens: TokenStore;
  /** The `connect_url` to hand out; empty when Hosted Connect is not enabled. */
  connectUrlFor(partnershipId: string, request: Request): string;
}

type Parsed = { readonly contents: TokenContents } | { readonly problem: string };

/** `POST /auth/connect`, server to server: no CORS headers, on purpose. */
export async function answerCreateToken(request: Request, world: ApiWorld): Promise<Response> {
  if (request.method !== "POST") return refuse(405, "Use POST.", { Allow: "POST" });
  if (!world.apiKeys.includes(request.headers.get("x-api-key") ?? "")) {
    return refuse(401, "The x-api-key header is missing or not a key of this sandbox.");
  }
  if (!isJson(request)) return refuse(415, "Send the body as Content-Type: application/json.");

  const parsed = parseTokenRequest(await readJson(request));
  if ("problem" in parsed) return refuse(400, parsed.problem);

  const token = world.tokens.create(parsed.contents);
  const connect_url = world.connectUrlFor(parsed.contents.partnershipId, request);
  return answerJson(200, { code: "ok", data: { token, connect_url } });
}

// The documents show no error body. This is the success envelope without data,
// plus words for the person who reads them.
const ERROR_CODES = {
  400: "invalid_request",
  401: "unauthorized",
  405: "method_not_allowed",
  415: "unsupported_media_type",
} as const;

function refuse(status: keyof typeof ERROR_CODES, message: string, headers = {}): Response {
  return answerJson(status, { code: ERROR_CODES[status], message }, headers);
}

function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
}

function isJson(request: Request): boolean {
  const type = request.headers.get("content-type") ?? "";
  return type.split(";")[0]?.trim().toLowerCase() === "application/json";
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}

// Fields the documents do not list are let through: their own examples carry some.
function parseTokenRequest(body: unknown): Parsed {
  if (!isRecord(body)) return { problem: "The body is not a JSON object." };
  const { partnership_id, mode, display_name, user_external_id, custom_attributes } = body;

  if (!isId(partnership_id)) {
    return { problem: "partnership_id is required: a string or a number." };
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

  const partnershipId = String(partnership_id);
  return {
    contents: {
      partnershipId,
      mode,
      displayName: display_name,
      userExternalId: user_external_id,
      actions,
    },
  };
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Typed string in the documents' table and a number in their examples: both are taken.
function isId(value: unknown): value is string | number {
  return typeof value === "string" ? value !== "" : Number.isFinite(value);
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}
