// The HTTP requests of every check.

/** One answer of the partner's server or of Benji's. */
export interface Visited {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const PATIENCE_MS = 10_000;
const MAX_REDIRECTS = 5;

/** Sends one request, and follows no redirect. @throws what `fetch` throws */
export async function ask(url: URL, init: RequestInit = {}): Promise<Visited> {
  const response = await fetch(url, {
    ...init,
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return { url, status: response.status, headers: response.headers, text: await response.text() };
}

/** Parses a JSON object. Returns `{}` if the text is not JSON. */
export function fieldsOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Follows redirects as a browser would, and returns every answer. @throws what `fetch` throws */
export async function follow(start: URL): Promise<readonly Visited[]> {
  const headers = { accept: "text/html" };
  const steps = [await ask(start, { headers })];
  while (steps.length <= MAX_REDIRECTS) {
    const { url, status, headers: said } = steps[steps.length - 1] as Visited;
    const location = status >= 300 && status < 400 ? said.get("location") : null;
    if (location === null) break;
    steps.push(await ask(new URL(location, url), { headers }));
  }
  return steps;
}

/** Returns why a request failed; Node puts the reason into the error's `cause`. */
export function whyUnreachable(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name === "TimeoutError") return `no answer within ${PATIENCE_MS / 1_000} s`;
  return cause?.code ?? message;
}
