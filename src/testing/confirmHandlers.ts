import type { MswParts } from "./connectTokenHandlers.js";
import { inOrder } from "./inOrder.js";

/** One answer of your confirm route. */
export type ConfirmRouteAnswer =
  /** 200, with `confirmation`. */
  | "yes"
  /** 409: the server does not confirm the return. */
  | "no"
  /** 202: Benji's webhook has not arrived. */
  | "not_yet"
  /** 401: the member is not signed in. */
  | "unauthorized"
  /** 403: the browser has lost the token route's cookie. */
  | "state_not_bound";

export interface ConfirmHandlersOptions {
  /** Your confirm route. Default `/api/benji/confirm`, on any origin. */
  path?: string | undefined;
  /** One answer for all requests, or one per request; the last answer repeats. Default `"yes"`. */
  answers?: ConfirmRouteAnswer | readonly [ConfirmRouteAnswer, ...ConfirmRouteAnswer[]] | undefined;
  /** The JSON body of `"yes"`. Default `{}`. */
  confirmation?: Record<string, unknown> | undefined;
}

/**
 * MSW handlers that simulate your confirm route.
 *
 * @example
 * ```ts
 * import { http, HttpResponse } from "msw";
 * import { setupServer } from "msw/node";
 * import { confirmHandlers } from "react-benji-connect/testing";
 *
 * const server = setupServer(
 *   ...confirmHandlers({ http, HttpResponse }, { answers: ["not_yet", "yes"] }),
 * );
 * server.listen();
 * ```
 */
export function confirmHandlers<Handler>(
  { http, HttpResponse }: MswParts<Handler>,
  { path, answers = "yes", confirmation = {} }: ConfirmHandlersOptions = {},
): Handler[] {
  const next = inOrder(answers);
  const answer = () => {
    const how = next();
    if (how === "yes") return HttpResponse.json(confirmation);
    const error = how === "no" ? "not_confirmed" : how;
    return HttpResponse.json({ error }, { status: HTTP_STATUS[how] });
  };
  return [http.post(path ?? "*/api/benji/confirm", answer)];
}

const HTTP_STATUS = { no: 409, not_yet: 202, unauthorized: 401, state_not_bound: 403 };
