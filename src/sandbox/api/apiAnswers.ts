/** Who may call: the partner API keys and the partner access tokens of this sandbox. */
export interface Credentials {
  readonly apiKeys: readonly string[];
  readonly accessTokens: readonly string[];
}

type Call = { readonly body: Record<string, unknown> } | { readonly refusal: Response };

// The documents show no error body. This is the success envelope without data,
// plus words for the person who reads them.
const ERROR_CODES = {
  400: "invalid_request",
  401: "unauthorized",
  405: "method_not_allowed",
  415: "unsupported_media_type",
} as const;

/** Reads a call from server to server: no CORS headers, on purpose. */
export async function readCall(
  request: Request,
  problemOf: () => string | undefined,
): Promise<Call> {
  if (request.method !== "POST") return { refusal: refuse(405, "Use POST.", { Allow: "POST" }) };
  const problem = problemOf();
  if (problem !== undefined) return { refusal: refuse(401, problem) };
  if (!isJson(request)) {
    return { refusal: refuse(415, "Send the body as Content-Type: application/json.") };
  }
  const body = await readJson(request);
  return isRecord(body) ? { body } : { refusal: refuse(400, "The body is not a JSON object.") };
}

export function hasApiKey({ headers }: Request, { apiKeys }: Credentials): boolean {
  return apiKeys.includes(headers.get("x-api-key") ?? "");
}

export function hasAccessToken({ headers }: Request, { accessTokens }: Credentials): boolean {
  const token = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return accessTokens.includes(token ?? "");
}

export function refuse(status: keyof typeof ERROR_CODES, message: string, headers = {}): Response {
  return answerJson(status, { code: ERROR_CODES[status], message }, headers);
}

export function answerOk(data: unknown): Response {
  return answerJson(200, { code: "ok", data });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
