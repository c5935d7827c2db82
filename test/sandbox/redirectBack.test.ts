import { describe, expect, it, vi } from "vitest";

import { createSandbox } from "../../src/sandbox/index.js";
import { createToken, locationOf, open, openSandbox, queryOf, submit, UUID } from "./visit.js";

const namesOf = (query: URLSearchParams) => [...query.keys()];

async function play(scenario: string, outcome = "success"): Promise<URLSearchParams> {
  return queryOf(
    await submit(openSandbox(), "/49?mode=3&state=s1&user_external_id=u1", { scenario, outcome }),
  );
}

describe("the redirect back to the shop", () => {
  it.each([
    [1, ["status", "state", "benji_user_uuid"]],
    [3, ["status", "state", "benji_user_uuid", "trigger_event_id"]],
    [4, ["status", "state", "benji_user_uuid", "trigger_event_id"]],
  ])("the redirect back has the documented parameters in mode %i", async (mode, names) => {
    const back = await submit(openSandbox(), `/49?mode=${mode}&state=s1`, { outcome: "success" });
    const query = queryOf(back);
    expect(back.status).toBe(303);
    expect(namesOf(query)).toEqual(names);
    expect(query.get("status")).toBe("success");
    expect(query.get("benji_user_uuid")).toMatch(UUID);
  });

  it("the redirect back to the shop after an error has no trigger event", async () => {
    const query = await play("success", "error");
    expect(query.get("status")).toBe("error");
    expect(query.has("trigger_event_id")).toBe(false);
  });

  it("the redirect back has no state when none was sent", async () => {
    expect(queryOf(await submit(openSandbox(), "/49", { outcome: "success" })).has("state")).toBe(
      false,
    );
  });

  it.each(["", "a b+c&d=e#f", "zeile\nzwei\r\n", "日本 ☕", "%2B%"])(
    "the redirect back has the state %j unchanged",
    async (state) => {
      const sandbox = openSandbox();
      const page = await open(sandbox, `/49?state=${encodeURIComponent(state)}`);
      const action = /action="([^"]*)"/.exec(await page.text())?.[1]?.replaceAll("&amp;", "&");
      const back = await submit(sandbox, `/49${action}`, { outcome: "success" });
      expect(queryOf(back).get("state")).toBe(state);
    },
  );

  it("a user has the same UUID in every return; another user or partnership has another UUID", async () => {
    const sandbox = openSandbox();
    const uuidAt = async (address: string) =>
      queryOf(await submit(sandbox, address, { outcome: "success" })).get("benji_user_uuid");
    const first = await uuidAt("/49?user_external_id=u1");
    expect(await uuidAt("/49?user_external_id=u1")).toBe(first);
    expect(await uuidAt("/49?user_external_id=u2")).not.toBe(first);
    expect(await uuidAt("/50?user_external_id=u1")).not.toBe(first);
    expect(await uuidAt("/49")).not.toBe(await uuidAt("/49"));
  });

  it.each([
    ["https://shop.example/r", "https://shop.example/r?status=error"],
    ["https://shop.example/r?", "https://shop.example/r?status=error"],
    ["https://shop.example/r?a=1&", "https://shop.example/r?a=1&status=error"],
    [
      "https://shop.example/r?a=%7e+b&A[]=x&a=&flag#top?x=1",
      "https://shop.example/r?a=%7e+b&A[]=x&a=&flag&status=error#top?x=1",
    ],
    ["https://shop.example/r?status=mine", "https://shop.example/r?status=mine&status=error"],
    ["https://shop.example/#/route", "https://shop.example/?status=error#/route"],
    ["/relative?a=1#h", "/relative?a=1&status=error#h"],
    ["https://shop.example/é\r\nX: y", "https://shop.example/%C3%A9%0D%0AX:%20y?status=error"],
  ])(
    "with the Redirect URL %j the address of an error return is %j",
    async (redirectUrl, expected) => {
      const back = await submit(openSandbox({ redirectUrl }), "/49?connect_token=none", {
        outcome: "error",
      });
      expect(locationOf(back)).toBe(expected);
    },
  );

  it.each([
    ["/return?a=1#h", "https://shop.example/return?a=1&status=error#h"],
    ["return", "https://shop.example/return?status=error"],
  ])(
    "with the relative Redirect URL %j and a shopOrigin the address of an error return is %j",
    async (redirectUrl, expected) => {
      const sandbox = openSandbox({ redirectUrl, shopOrigin: "https://shop.example" });
      const back = await submit(sandbox, "/49?connect_token=none", { outcome: "error" });
      expect(locationOf(back)).toBe(expected);
    },
  );

  it.each(["javascript:alert(1)", "data:text/html,x"])(
    "the Redirect URL %s is refused",
    (redirectUrl) => {
      expect(() => createSandbox({ redirectUrl })).toThrow(TypeError);
    },
  );
});

describe("scenarios", () => {
  it("the scenario error returns an error although the member chose success", async () => {
    expect((await play("error")).get("status")).toBe("error");
  });

  it("scenario no-uuid returns a numeric id instead of the UUID", async () => {
    const query = await play("no-uuid");
    expect(query.has("benji_user_uuid")).toBe(false);
    expect(query.get("benji_user_id")).toMatch(/^\d+$/);
  });

  it("the scenario no-state omits the state and no other parameter", async () => {
    expect(namesOf(await play("no-state"))).toEqual([
      "status",
      "benji_user_uuid",
      "trigger_event_id",
    ]);
  });

  it("scenario duplicated-parameters repeats every parameter with another value", async () => {
    const query = await play("duplicated-parameters");
    for (const name of ["status", "state", "benji_user_uuid", "trigger_event_id"]) {
      expect(new Set(query.getAll(name)).size).toBe(2);
    }
  });

  it("scenario extra-parameters adds unknown names to the documented ones", async () => {
    const names = namesOf(await play("extra-parameters"));
    expect(names.slice(0, 4)).toEqual(namesOf(await play("success")));
    expect(names.slice(4).every((name) => name.startsWith("sandbox_"))).toBe(true);
    expect(names.length).toBeGreaterThan(4);
  });

  it("scenario tampered-uuid returns another UUID than the user's own", async () => {
    const [tampered, own] = await Promise.all([play("tampered-uuid"), play("success")]);
    expect(tampered.get("benji_user_uuid")).toMatch(UUID);
    expect(tampered.get("benji_user_uuid")).not.toBe(own.get("benji_user_uuid"));
  });

  it("scenario slow answers after 1.5 seconds", async () => {
    const waits: unknown[] = [];
    const timer = vi.spyOn(globalThis, "setTimeout").mockImplementation(((
      callback: () => void,
      ms: number,
    ) => {
      waits.push(ms);
      queueMicrotask(callback);
    }) as never);
    await play("slow");
    timer.mockRestore();
    expect(waits).toEqual([1_500]);
  });

  it("the scenario of setNextScenario is preselected, and is played by one flow only", async () => {
    const sandbox = openSandbox();
    sandbox.setNextScenario("no-uuid");
    const page = await (await open(sandbox, "/49")).text();
    expect(page).toMatch(/value="no-uuid"\s+checked/);
    expect(page.match(/"\s+checked\b/g)).toHaveLength(1);
    const finish = async () =>
      namesOf(queryOf(await submit(sandbox, "/49", { outcome: "success" })));
    expect(await finish()).toContain("benji_user_id");
    expect(await finish()).toContain("benji_user_uuid");
  });

  it("a scenario chosen in the drawer of the page overrides the one of setNextScenario", async () => {
    const sandbox = openSandbox();
    sandbox.setNextScenario("no-uuid");
    const form = { outcome: "success", scenario: "success" };
    expect(queryOf(await submit(sandbox, "/49", form)).has("benji_user_uuid")).toBe(true);
  });

  it("a flow that ended with an error has used up its token", async () => {
    const sandbox = openSandbox();
    const address = `/49?connect_token=${await createToken(sandbox)}`;
    expect((await submit(sandbox, address, { outcome: "error" })).status).toBe(303);
    expect((await open(sandbox, address)).status).toBe(410);
  });
});
