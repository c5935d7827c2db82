// The browser's requests to the token route and the confirm route.
import { afterEach, describe, expect, it, vi } from "vitest";
import { browserPorts } from "../../src/core/browser.js";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { createTab, returnUrl, token } from "./createTab.js";

/** Replaces `fetch` by a server with an answer for each path. Returns the list of requests. */
function listen(answers: Record<string, () => Response>) {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    const request = new Request(new URL(path, "https://shop.example"), init);
    asked.push(request);
    return Promise.resolve(answers[path]?.() ?? new Response(null, { status: 404 }));
  });
  return asked;
}

const { postJson } = browserPorts();
const ROUTES: ConnectFlowOptions = {
  fetchConnectToken: "/api/benji/connect-token",
  confirm: "/api/benji/confirm",
  postJson,
};
const ANSWERS = {
  "/api/benji/connect-token": () => Response.json(token({ state: "" })),
  "/api/benji/confirm": () => Response.json({ points: 5 }),
};

/** Starts a flow and returns from it, with the URLs of both routes as options. */
async function journey(options: ConnectFlowOptions) {
  const asked = listen(ANSWERS);
  const tab = createTab();
  const state = await tab.start({ ...ROUTES, ...options });
  tab.open(returnUrl({ status: "success", benji_user_uuid: "uuid-1", state }), {
    ...ROUTES,
    ...options,
  });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  return asked;
}

afterEach(() => void vi.unstubAllGlobals());

describe("requestInit", () => {
  it.each([
    ["a value", { credentials: "include", headers: { "x-csrf": "c-1" } }],
    ["a function", () => ({ credentials: "include", headers: [["X-CSRF", "c-1"]] })],
    [
      "a promise",
      () => Promise.resolve({ credentials: "include", headers: new Headers({ "x-csrf": "c-1" }) }),
    ],
  ] as [string, ConnectFlowOptions["requestInit"]][])(
    "requestInit given as %s is used for the token request and for the confirm request",
    async (_, requestInit) => {
      for (const request of await journey({ requestInit })) {
        expect(request.credentials).toBe("include");
        expect(request.headers.get("x-csrf")).toBe("c-1");
        expect(request.headers.get("content-type")).toBe("application/json");
        expect(request.method).toBe("POST");
      }
    },
  );

  it("requestInit given as a function is called for every request", async () => {
    const requestInit = vi.fn(() => ({ headers: { authorization: "Bearer b" } }));
    await journey({ requestInit });
    expect(requestInit).toHaveBeenCalledTimes(2);
  });

  it("requestInit can change neither the method, the body nor the content type of a request", async () => {
    const headers = { "content-type": "text/plain" };
    const [asked] = await journey({ requestInit: { headers, body: "x", method: "PUT" } as never });
    expect(asked?.headers.get("content-type")).toBe("application/json");
    expect(asked?.method).toBe("POST");
    expect(await asked?.json()).toMatchObject({
      state: expect.stringMatching(/^benji\./) as string,
    });
  });

  it("an error thrown by requestInit is the cause of the failed start and of the unconfirmed return", async () => {
    listen(ANSWERS);
    const cause = new Error("no session");
    const requestInit = () => Promise.reject(cause);
    const outcome = await createTab()
      .flow({ ...ROUTES, requestInit })
      .connect();
    expect(outcome).toMatchObject({ error: { code: "token_fetch_failed", cause } });
    const tab = createTab();
    tab.url = returnUrl({ status: "success", state: await tab.start() });
    const flow = tab.flow({ ...ROUTES, requestInit });
    const shown = new Promise((resolve) => {
      flow.subscribe(() => resolve(flow.getResult()));
    });
    flow.getResult();
    expect(await shown).toMatchObject({
      status: "unconfirmed",
      error: { code: "confirm_failed", cause },
    });
  });
});

describe("a token route that refuses", () => {
  it("a start fails as unauthenticated if the token route answers 401", async () => {
    listen({ "/api/benji/connect-token": () => new Response(null, { status: 401 }) });
    expect(await createTab().flow(ROUTES).connect()).toMatchObject({
      error: { code: "unauthenticated", httpStatus: 401 },
    });
  });
});
