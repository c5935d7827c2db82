import { createConnectFlow } from "react-benji-connect/core";
import {
  confirmHandlers,
  type ConfirmHandlersOptions,
  memoryStorage,
  returnUrl,
  startedFlow,
} from "react-benji-connect/testing";
import { expect, it } from "vitest";

// msw is not a dependency. These fakes replace the two parts of it that confirmHandlers needs.
interface Handler {
  path: string;
  answer: () => Promise<Response>;
}
const http = {
  post: (path: string, answer: () => Promise<Response> | Response): Handler => ({
    path,
    answer: async () => answer(),
  }),
};
const HttpResponse = {
  json: (body: Record<string, unknown>, init?: ResponseInit) =>
    new Response(JSON.stringify(body), init),
};

function confirmRoute(options?: ConfirmHandlersOptions): Handler {
  const [handler, ...others] = confirmHandlers({ http, HttpResponse }, options);
  expect(others).toEqual([]);
  return handler!;
}

/** The result of a return with this simulated confirm route. */
async function resultWith(options?: ConfirmHandlersOptions) {
  const storage = memoryStorage();
  const state = await startedFlow({ storage });
  let address = new URL(returnUrl({ status: "success", state }), "https://shop.example");
  const confirm = confirmRoute(options).answer;
  const flow = createConnectFlow<unknown, unknown>({
    storage,
    confirm,
    waitMs: 3_000,
    currentUrl: () => address.href,
    writeEntry: (url) => void (address = new URL(url, address)),
    historyState: () => null,
    restoredPath: () => undefined,
  });
  return new Promise<unknown>((resolve) => {
    const stop = flow.subscribe(() => {
      const result = flow.getResult();
      if (result.status === "pending") return;
      stop();
      resolve(result);
    });
    flow.getResult();
  });
}

it("confirmHandlers by default confirms every return on the default path of the confirm route", async () => {
  expect(confirmRoute().path).toBe("*/api/benji/confirm");
  expect(confirmRoute({ path: "/sure" }).path).toBe("/sure");
  expect(await resultWith()).toMatchObject({ status: "success", confirmation: {} });
});

it("the option confirmation of confirmHandlers is the confirmation in the result", async () => {
  const confirmation = { points: 100 };
  expect(await resultWith({ confirmation })).toMatchObject({ status: "success", confirmation });
});

it.each([
  ["no", { status: "rejected", reason: "not_confirmed" }],
  ["state_not_bound", { status: "rejected", reason: "state_not_bound" }],
  ["unauthorized", { status: "unconfirmed", error: { code: "unauthenticated" } }],
] as const)(
  "with the answer %s of confirmHandlers a return ends with %j",
  async (answers, result) => {
    expect(await resultWith({ answers })).toMatchObject(result);
  },
);

it("confirmHandlers with the answers not_yet and yes confirms a return, as a late webhook does", async () => {
  const result = await resultWith({ answers: ["not_yet", "yes"] });
  expect(result).toMatchObject({ status: "success" });
});
