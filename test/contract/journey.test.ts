import { describe, expect, it } from "vitest";
import { type ConnectModeName, createConnectFlow } from "../../src/core/index.js";
import { createSandbox, type Sandbox } from "../../src/sandbox/index.js";
import { createConnectTokenHandler } from "../../src/server/index.js";
import { openTab } from "./openTab.js";

const SHOP = "http://localhost:5173";
const BENJI = "http://127.0.0.1:4010";
const CALLBACK = `${SHOP}/benji/callback?tab=rewards&list[]=1&list[]=2`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Outcome = "success" | "error";

/** Opens a shop with its two routes, a sandbox in place of Benji, and one simulated tab. */
function openShop() {
  const sandbox = createSandbox({ redirectUrl: CALLBACK });
  const route = createConnectTokenHandler({
    apiKey: "sandbox-api-key",
    baseUrl: BENJI,
    fetch: sandbox.fetch,
    getUser: () => ({ id: "user-1234" }),
    createRequest: ({ user, body }) => ({
      partnershipId: 49,
      mode: body["mode"] as ConnectModeName,
      userExternalId: user.id,
    }),
  });
  const tab = openTab(`${SHOP}/rewards`);
  const loadPage = () =>
    createConnectFlow({
      ...tab.ports,
      fetchConnectToken: (request, { signal }) =>
        route(
          new Request(`${SHOP}/api/benji/connect-token`, {
            method: "POST",
            headers: { "content-type": "application/json", origin: SHOP },
            body: JSON.stringify(request),
            signal,
          }),
        ),
    });
  return { sandbox, tab, loadPage };
}

/** Opens the hosted page and presses a button, as a member does. Returns the redirect's address. */
async function decide(sandbox: Sandbox, address: string, outcome: Outcome): Promise<string> {
  const page = await sandbox.fetch(new Request(address));
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain(`name="outcome" value="${outcome}"`);
  const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? "";
  const answer = await sandbox.fetch(
    new Request(new URL(action.replaceAll("&amp;", "&"), address), {
      method: "POST",
      body: new URLSearchParams({ outcome }),
    }),
  );
  expect(answer.status).toBe(303);
  return answer.headers.get("location") ?? "";
}

const JOURNEYS = (["connect", "transfer", "redeem"] as const).flatMap((mode) =>
  (["success", "error"] as const).map((outcome) => ({ mode, outcome })),
);

describe("the whole journey without a browser", () => {
  it.each(JOURNEYS)(
    "a flow in mode $mode has the result $outcome, and a reload shows the same result as replayed",
    async ({ mode, outcome }) => {
      const { sandbox, tab, loadPage } = openShop();
      const left = await loadPage().connect({ mode, returnTo: "/checkout", appState: { cart: 7 } });
      expect(left).toEqual({ status: "redirecting" });
      expect(new URL(tab.address).origin).toBe(BENJI);

      tab.ports.navigate(await decide(sandbox, tab.address, outcome));
      expect(tab.address.startsWith(CALLBACK)).toBe(true);

      const hasEvent = mode !== "connect" && outcome === "success";
      const expected = {
        status: outcome,
        benjiUserUuid: expect.stringMatching(UUID) as string,
        ...(hasEvent && { triggerEventId: expect.stringMatching(UUID) as string }),
        mode,
        returnTo: "/checkout",
        appState: { cart: 7 },
      };
      const result = loadPage().getResult();
      expect(result).toEqual({ ...expected, replayed: false });
      expect(tab.address).toBe(CALLBACK);

      tab.reloaded = true;
      expect(loadPage().getResult()).toEqual({ ...result, replayed: true });
    },
  );

  it("a return of a flow that another tab started is rejected", async () => {
    const stranger = openShop();
    await stranger.loadPage().connect({ mode: "connect" });
    const back = await decide(stranger.sandbox, stranger.tab.address, "success");

    const { tab, loadPage } = openShop();
    await loadPage().connect({ mode: "connect" });
    tab.ports.navigate(back);
    expect(loadPage().getResult()).toEqual({ status: "rejected", reason: "state_unknown" });
    expect(tab.address).toBe(CALLBACK);
  });

  it("after a forged return the real return is still accepted", async () => {
    const { sandbox, tab, loadPage } = openShop();
    await loadPage().connect({ mode: "redeem" });
    const hosted = tab.address;
    tab.ports.navigate(`${CALLBACK}&status=success&state=benji.forged&benji_user_uuid=evil`);
    expect(loadPage().getResult()).toEqual({ status: "rejected", reason: "state_unknown" });

    tab.ports.navigate(await decide(sandbox, hosted, "success"));
    expect(loadPage().getResult()).toMatchObject({ status: "success", mode: "redeem" });
  });
});
