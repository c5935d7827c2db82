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

export function refuseMediaType(): Response {
  const message = "Send the body as Content-Type: application/json.";
  return refuse({ status: 415, code: "unsupported_media_type", message });
}

export function answerOk(data: unknown): Response {
  return answerJson(200, { code: "ok", data });
}

function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });
}
