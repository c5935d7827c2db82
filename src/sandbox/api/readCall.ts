import { refuse, refuseInput, refuseMediaType, refuseMethod } from "./apiAnswers.js";

/** The partner API keys and the partner access tokens that this sandbox accepts. */
export interface Credentials {
  readonly apiKeys: readonly string[];
  readonly accessTokens: readonly string[];
}

type Call = { readonly body: Record<string, unknown> } | { readonly refusal: Response };

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

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
