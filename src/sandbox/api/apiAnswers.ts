/** The partner API keys and the partner access tokens that this sandbox accepts. */
export interface Credentials {
  readonly apiKeys: readonly string[];
  readonly accessTokens: readonly string[];
}

type Call = { readonly body: Record<string, unknown> } | { readonly refusal: Response };

/**
 * Why a call is refused. `codeKey` is the code's field: `error` on most pages of Benji's documents,
 * `code` on those about transactions.
 */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 415;
  readonly code: string;
  readonly message: string;
  readonly codeKey?: "error" | "code";
  readonly headers?: Record<string, string>;
}

/** Reads a server's call, or refuses it. Without CORS headers no browser's page can read the answer. */
export async function readCall(
  request: Request,
  problemOf: () => string | undefined,
): Promise<Call> {
  if (request.method !== "POST") return { refusal: refuseMethod("POST") };
  const problem = problemOf();
  if (problem !== undefined) {
    return { refusal: refuse({ status: 401, code: "unauthorized_partner", message: problem }) };
  }
  if (!isJson(request)) return { refusal: refuseMediaType() };
  const body = await readJson(request);
  return isRecord(body) ? { body } : { refusal: refuseInput("The body is not a JSON object.") };
}

export function hasApiKey({ headers }: Request, { apiKeys }: Credentials): boolean {
  return apiKeys.includes(headers.get("x-api-key") ?? "");
}

export function hasAccessToken({ headers }: Request, { accessTokens }: Credentials): boolean {
  const token = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return accessTokens.includes(token ?? "");
}

export function refuse({ status, code, message, codeKey = "error", headers }: Refusal): Response {
  return answerJson(status, { [codeKey]: code, message }, headers);
}

// The three codes below are the sandbox's own: the documents show no sample for such calls.
export function refuseInput(message: string): Response {
  return refuse({ status: 400, code: "invalid_request", message });
}

export function refuseMethod(allowed: "GET" | "POST"): Response {
  const headers = { Allow: allowed };
  return refuse({ status: 405, code: "method_not_allowed", message: `Use ${allowed}.`, headers });
}

function refuseMediaType(): Response {
  const message = "Send the body as Content-Type: application/json.";
  return refuse({ status: 415, code: "unsupported_media_type", message });
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
