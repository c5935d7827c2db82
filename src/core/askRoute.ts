import type { SharedPorts } from "./ports.js";

/** Options for every request to a route that is given as a URL. */
export type RouteRequestInit = Pick<RequestInit, "credentials" | "headers">;

export interface RouteOptions {
  /**
   * Credentials and further headers (a CSRF or bearer header) for `fetchConnectToken` and `confirm`
   * where they are URLs. A function is called for each request and may return a promise.
   */
  requestInit?: RouteRequestInit | (() => RouteRequestInit | Promise<RouteRequestInit>) | undefined;
}

interface Context {
  signal: AbortSignal;
  attempt?: number;
}

/** Returns the partner's function itself or, for the URL of a route, a function that POSTs to it. */
export function asFunction<Ask>(
  ports: SharedPorts,
  target: string | Ask,
  { requestInit }: RouteOptions,
): Ask | ((body: object, context: Context) => Promise<Response>) {
  if (typeof target !== "string") return target;
  return async (body, { signal, attempt }) => {
    const init = typeof requestInit === "function" ? await requestInit() : requestInit;
    return ports.postJson(target, { ...body, attempt }, { ...init, signal });
  };
}
