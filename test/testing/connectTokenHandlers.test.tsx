import { createConnectFlow } from "react-benji-connect/core";
import {
  connectTokenHandlers,
  type ConnectTokenHandlersOptions,
} from "react-benji-connect/testing";
import { expect, it, vi } from "vitest";

// msw is not a dependency. These fakes replace the two parts of it that connectTokenHandlers needs, with
// signatures as generic as msw's own.
interface Handler {
  path: string | RegExp;
  answer: () => unknown;
}
const http = {
  post: <P = unknown, Path extends string | RegExp = string | RegExp>(
    path: Path,
    answer: (info: { request: Request; params: P }) => Response | Promise<Response> | undefined,
  ): Handler => ({ path, answer: answer as () => unknown }),
};
class HttpResponse extends Response {
  static override json<B>(body?: B | null, init?: ResponseInit): HttpResponse {
    const headers = { "content-type": "application/json" };
    return new HttpResponse(JSON.stringify(body), { ...init, headers });
  }
}

function tokenRoute(options?: ConnectTokenHandlersOptions) {
  const [handler, ...others] = connectTokenHandlers({ http, HttpResponse }, options);
  expect(others).toEqual([]);
  return handler!;
}

/** The outcomes of successive starts with this simulated token route. */
async function starts(options: ConnectTokenHandlersOptions | undefined, times: number) {
  const route = tokenRoute(options);
  const ends: string[] = [];
  for (let time = 0; time < times; time++) {
    const flow = createConnectFlow({ fetchConnectToken: route.answer, navigate: () => {} });
    const outcome = await flow.connect();
    ends.push(outcome.status === "failed" ? outcome.error.code : outcome.status);
    flow.reset();
  }
  return ends;
}

it("connectTokenHandlers by default answers every request on the default path with a token", async () => {
  expect(tokenRoute().path).toBe("*/api/benji/connect-token");
  expect(tokenRoute({ path: "/token" }).path).toBe("/token");
  expect(await starts(undefined, 2)).toEqual(["redirecting", "redirecting"]);
});

it.each([
  ["unauthorized", "unauthenticated"],
  ["malformed", "token_malformed"],
  ["slow", "redirecting"],
] as const)(
  "with the answer %s of connectTokenHandlers a start ends with %s",
  async (answers, end) => {
    expect(await starts({ answers, slowMs: 1 }, 1)).toEqual([end]);
  },
);

it("connectTokenHandlers gives a list of answers in order, and repeats the last answer", async () => {
  const answers = ["unauthorized", "ok", "malformed"] as const;
  const ends = ["unauthenticated", "redirecting", "token_malformed", "token_malformed"];
  expect(await starts({ answers }, 4)).toEqual(ends);
});

it("the answer slow of connectTokenHandlers comes after two seconds by default", async () => {
  vi.useFakeTimers();
  const arrived = vi.fn();
  void Promise.resolve(tokenRoute({ answers: "slow" }).answer()).then(arrived);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(arrived).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(arrived).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
