import { TOKEN_ANSWER } from "./fixtures.js";
import { inOrder } from "./inOrder.js";

/** The part of `msw`, version 2, that is used. You pass it in, so it is no dependency. */
export interface MswParts<Handler> {
  http: {
    post(path: string, resolver: () => Response | Promise<Response>): Handler;
  };
  HttpResponse: {
    json(body: Record<string, unknown>, init?: { status?: number }): Response;
  };
}

/** One answer of your token route. */
export type ConnectTokenAnswer =
  /** A token. */
  | "ok"
  /** 401: the member is not signed in. */
  | "unauthorized"
  /** JSON without a token in it. */
  | "malformed"
  /** A token, after `slowMs`. */
  | "slow";

export interface ConnectTokenHandlersOptions {
  /** Your token route. Default `/api/benji/connect-token`, on any origin. */
  path?: string | undefined;
  /** One answer for all requests, or one per request; the last answer repeats. Default `"ok"`. */
  answers?: ConnectTokenAnswer | readonly [ConnectTokenAnswer, ...ConnectTokenAnswer[]] | undefined;
  /** The delay of `"slow"` in ms. Default 2,000. */
  slowMs?: number | undefined;
}

/**
 * MSW handlers that simulate your token route.
 *
 * @example
 * ```ts
 * import { http, HttpResponse } from "msw";
 * import { setupServer } from "msw/node";
 * import { connectTokenHandlers } from "react-benji-connect/testing";
 *
 * const server = setupServer(
 *   ...connectTokenHandlers({ http, HttpResponse }, { answers: ["unauthorized", "ok"] }),
 * );
 * server.listen();
 * ```
 */
export function connectTokenHandlers<Handler>(
  { http, HttpResponse }: MswParts<Handler>,
  { path, answers = "ok", slowMs = 2_000 }: ConnectTokenHandlersOptions = {},
): Handler[] {
  const next = inOrder(answers);
  const answer = async () => {
    const how = next();
    switch (how) {
      case "ok":
        return HttpResponse.json(TOKEN_ANSWER);
      case "unauthorized":
        return HttpResponse.json({ error: "unauthorized" }, { status: 401 });
      case "malformed":
        return HttpResponse.json({ hello: "world" });
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, slowMs));
        return HttpResponse.json(TOKEN_ANSWER);
      default:
        return how satisfies never;
    }
  };
  return [http.post(path ?? "*/api/benji/connect-token", answer)];
}
