import { describe, expect, it } from "vitest";

import type { Sandbox } from "../../src/sandbox/index.js";
import { createToken, locationOf, open, openSandbox, queryOf, submit, UUID } from "./visit.js";

const EDITABLE = { mode: 3, amount: 1000, allows_editing: true };
const HOSTILE = `"><script>alert('x')</script>`;
const textOf = async (page: Promise<Response>) => (await page).text();

describe("the hosted page", () => {
  it.each([
    [1, "Connect rewards account"],
    [3, "Transfer points"],
    [4, "Redeem points"],
  ])("the hosted page of mode %i has the button %j", async (mode, label) => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox, { mode });
    const page = await textOf(open(sandbox, `/49?connect_token=${token}`));
    const primary = /value="success"[^>]*>\s*([^<]*?)\s*<\/button/.exec(page)?.[1];
    expect(primary).toBe(label);
  });

  it("the hosted page has an input for the amount if the token allows editing", async () => {
    const page = await pageWithAction({ mode: 3, amount: 1000, allows_editing: true });
    expect(page).toMatch(/<input[^>]*name="amount"[^>]*value="1000"/);
  });

  it("the hosted page has a fixed amount if the token does not allow editing", async () => {
    const page = await pageWithAction({ mode: 3, amount: 1000, allows_editing: false });
    expect(page).toContain("1,000");
    expect(page).not.toContain('name="amount"');
  });

  it.each(["", "  ", "lots", "1e999", HOSTILE])(
    "the hosted page asks again for the amount if the member wrote %j",
    async (amount) => {
      const sandbox = openSandbox();
      const address = await addressWithAction(sandbox, EDITABLE);
      const page = await submit(sandbox, address, { outcome: "success", amount });
      expect(page.status).toBe(400);
      const body = await page.text();
      expect(body).toMatch(/<input[^>]*aria-describedby="amount-hint"[^>]*aria-invalid="true"/);
      expect(body).toContain("Write a number");
      expect(body).not.toContain("<script");
      const again = await submit(sandbox, address, { outcome: "success", amount: "2500" });
      expect(again.status).toBe(303);
    },
  );

  it("an invalid amount is ignored if the member chooses the error", async () => {
    const sandbox = openSandbox();
    const address = await addressWithAction(sandbox, EDITABLE);
    expect((await submit(sandbox, address, { outcome: "error", amount: "x" })).status).toBe(303);
  });

  it("the hosted page uses the mode of the token, not of the query", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox, { mode: 1 });
    const page = await textOf(open(sandbox, `/49?connect_token=${token}&mode=4&amount=7`));
    expect(page).toContain("Connect rewards account");
    expect(page).not.toContain("Redeem points");
  });

  it("the hosted page takes the partnership's name from the token, then from the options, then from the id", async () => {
    const sandbox = openSandbox({ partnerships: { "49": "Cookie Club" } });
    const token = await createToken(sandbox, { display_name: "Reward Cookies" });
    expect(await textOf(open(sandbox, `/49?connect_token=${token}`))).toContain("Reward Cookies");
    expect(await textOf(open(sandbox, "/49"))).toContain("Cookie Club");
    expect(await textOf(open(sandbox, "/50"))).toContain("Partner 50");
  });

  it("the hosted page contains no script, and its policy allows none", async () => {
    const page = await open(openSandbox(), "/49");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("script-src");
    expect(policy).not.toContain("form-action");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    const body = await page.text();
    expect(body).toContain(`<style nonce="${nonce}">`);
    expect(body).not.toMatch(/<script| style="/);
  });

  it("the hosted page is not stored, and sends no referrer to another site", async () => {
    const { headers } = await open(openSandbox(), "/49");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.has("cross-origin-opener-policy")).toBe(false);
  });

  it("the hosted page escapes hostile values from the token and the address", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox, { display_name: HOSTILE });
    const hostile = encodeURIComponent(HOSTILE);
    const pages = await Promise.all([
      textOf(open(sandbox, `/49?connect_token=${token}&state=${hostile}`)),
      textOf(open(sandbox, `/${hostile}?user_external_id=${hostile}&${hostile}=${hostile}`)),
      textOf(open(sandbox, `/49?connect_token=${hostile}`)),
      textOf(open(sandbox, `/49?mode=3&amount=${hostile}&state=${hostile}`)),
      textOf(open(sandbox, `/49?mode=${hostile}&preview=1`)),
      textOf(open(sandbox, `/${hostile}?preview=1&connect_token=`)),
      textOf(submit(sandbox, `/49?connect_token=${token}`, { outcome: "close", state: HOSTILE })),
      textOf(submit(sandbox, `/${hostile}/${hostile}`, { [HOSTILE]: HOSTILE })),
    ]);
    for (const page of pages) expect(page).not.toMatch(/<script|alert\('/i);
    expect(pages[0]).toContain("&quot;&gt;&lt;script&gt;");
  });

  it("the hosted page says that it is a sandbox", async () => {
    expect(await textOf(open(openSandbox(), "/49"))).toContain("local sandbox, not Benji");
  });

  it("a preview of the hosted page has disabled buttons, and the token stays valid", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox);
    const address = `/49?connect_token=${token}&preview=1`;
    const page = await textOf(open(sandbox, address));
    expect(page).toContain("Preview:");
    expect(page.match(/<button[^>]*>/g)?.every((button) => button.includes("disabled"))).toBe(true);
    expect((await submit(sandbox, address, { outcome: "success" })).status).toBe(200);
    expect((await open(sandbox, `/49?connect_token=${token}`)).status).toBe(200);
  });

  it.each(["/a/b", "/favicon.ico", "/%"])(
    "the sandbox answers the address %s, which names no partnership, with 404",
    async (address) => {
      expect((await open(openSandbox(), address)).status).toBe(404);
    },
  );

  it("a PUT of the hosted page is refused with 405", async () => {
    const request = new Request("http://localhost:4010/49", { method: "PUT" });
    expect((await openSandbox().fetch(request)).status).toBe(405);
  });

  it("the hosted page without a path takes the partnership from the token", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox, { display_name: "Reward Cookies" });
    expect(await textOf(open(sandbox, `/?connect_token=${token}`))).toContain("Reward Cookies");
  });
});

describe("a custom domain", () => {
  const sandbox = openSandbox({
    hosts: { "Rewards.Shop.example": "49", "other.example:8443": "50" },
  });
  const pageAt = async (address: string) => textOf(sandbox.fetch(new Request(address)));

  it.each([
    ["https://rewards.shop.example/", "Partner 49"],
    ["https://rewards.shop.example:9000/?mode=3", "Partner 49"],
    ["https://other.example:8443/", "Partner 50"],
    ["https://rewards.shop.example/51", "Partner 51"],
    ["https://other.example/", "The sandbox is running"],
    ["https://evil.example/?host=rewards.shop.example", "The sandbox is running"],
  ])("on a custom domain the page at %s contains the text %j", async (address, text) => {
    expect(await pageAt(address)).toContain(text);
  });

  it("on a custom domain a flow finishes without a partnership in the path", async () => {
    const token = await createToken(sandbox, { mode: 4 });
    const request = new Request(`https://rewards.shop.example/?connect_token=${token}&state=s`, {
      method: "POST",
      body: new URLSearchParams({ outcome: "success" }),
    });
    expect(queryOf(await sandbox.fetch(request)).get("state")).toBe("s");
  });

  it("a custom domain also serves the API, which refuses GET", async () => {
    const request = new Request("https://rewards.shop.example/auth/connect");
    expect((await sandbox.fetch(request)).status).toBe(405);
  });
});

describe("what the documents leave open", () => {
  it("the hosted page lists what Benji's documents leave open", async () => {
    const page = await textOf(open(openSandbox(), "/49"));
    expect(page).toContain("Not documented");
    expect(page).toMatch(/works once and for 15 minutes/);
    expect(page).toMatch(/which webhooks follow/);
  });
});

describe("entering without a token", () => {
  it("a hosted page without a token creates one from mode, amount and user in the address", async () => {
    const sandbox = openSandbox();
    const page = await textOf(open(sandbox, "/49?mode=3&amount=2500&user_external_id=u1&state=s"));
    expect(page).toContain("2,500");
    const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    expect(new URLSearchParams(action).get("connect_token")).toMatch(UUID);

    const query = queryOf(await submit(sandbox, `/49${action}`, { outcome: "success" }));
    expect(query.get("state")).toBe("s");
    expect(query.get("trigger_event_id")).toMatch(UUID);
  });

  it("a hosted page without a token and without a mode is in the mode connect", async () => {
    expect(await textOf(open(openSandbox(), "/49"))).toContain("Connect rewards account");
  });

  it.each(["/49?mode=2", "/49?mode=", "/49?mode=3&amount=lots"])(
    "the hosted page without a token refuses the address %s",
    async (address) => {
      const sandbox = openSandbox();
      expect((await open(sandbox, address)).status).toBe(400);
      expect((await submit(sandbox, address, { outcome: "success" })).status).toBe(400);
    },
  );
});

describe("a token that does not work", () => {
  it("the hosted page refuses an unknown token", async () => {
    expect((await open(openSandbox(), "/49?connect_token=never-made")).status).toBe(404);
  });

  it("the hosted page refuses an expired token", async () => {
    let time = 0;
    const sandbox = openSandbox({ now: () => time, tokenLifetimeMs: 1_000 });
    const token = await createToken(sandbox);
    time = 999;
    expect((await open(sandbox, `/49?connect_token=${token}`)).status).toBe(200);
    time = 1_000;
    expect((await open(sandbox, `/49?connect_token=${token}`)).status).toBe(410);
  });

  it("the hosted page refuses a token that has finished a flow", async () => {
    const sandbox = openSandbox();
    const address = `/49?connect_token=${await createToken(sandbox)}`;
    expect((await submit(sandbox, address, { outcome: "success" })).status).toBe(303);
    const page = await open(sandbox, address);
    expect(page.status).toBe(410);
    expect(await page.text()).toContain("already used");
  });

  it("a second submit of a finished flow is redirected to the same address as the first", async () => {
    const sandbox = openSandbox();
    const address = `/49?connect_token=${await createToken(sandbox, { mode: 3 })}&state=s1`;
    const form = { outcome: "success" };
    const both = [submit(sandbox, address, form), submit(sandbox, address, form)];
    const [first = "", second] = (await Promise.all(both)).map(locationOf);
    expect(first).toContain("status=success");
    expect(second).toBe(first);
    expect(locationOf(await submit(sandbox, address, { outcome: "error" }))).toBe(first);
  });

  it("a second submit of a flow without a Redirect URL shows the finished page again", async () => {
    const sandbox = openSandbox();
    sandbox.setRedirectUrl(undefined);
    const address = `/49?connect_token=${await createToken(sandbox)}`;
    for (const _ of [1, 2]) {
      const page = await textOf(submit(sandbox, address, { outcome: "success" }));
      expect(page).toContain("All done");
    }
  });

  it("a used link that is opened again returns an error, and not the success of its first use", async () => {
    const sandbox = openSandbox();
    const address = `/49?connect_token=${await createToken(sandbox)}&state=s1`;
    await submit(sandbox, address, { outcome: "success" });
    const [, outcome = ""] =
      /name="outcome" value="(\w+)"/.exec(await textOf(open(sandbox, address))) ?? [];
    expect([...queryOf(await submit(sandbox, address, { outcome }))]).toEqual([
      ["status", "error"],
      ["state", "s1"],
    ]);
  });

  it("the page for an unknown token leads back to the shop with an error and the state", async () => {
    const sandbox = openSandbox();
    const address = "/49?connect_token=never-made&state=s1";
    expect(await textOf(open(sandbox, address))).toContain("Go back to the shop");
    const back = await submit(sandbox, address, { outcome: "error" });
    expect([...queryOf(back)]).toEqual([
      ["status", "error"],
      ["state", "s1"],
    ]);
  });

  it("a token is unknown after 1,000 newer tokens were created", async () => {
    const sandbox = openSandbox();
    const [oldest, second] = [await createToken(sandbox), await createToken(sandbox)];
    for (let count = 0; count < 999; count++) await createToken(sandbox);
    expect((await open(sandbox, `/49?connect_token=${oldest}`)).status).toBe(404);
    expect((await open(sandbox, `/49?connect_token=${second}`)).status).toBe(200);
  });
});

describe("a flow without a return", () => {
  it("a flow without a Redirect URL ends on a page that says that all is done", async () => {
    const sandbox = openSandbox();
    sandbox.setRedirectUrl(undefined);
    const finished = await submit(sandbox, "/49", { outcome: "success" });
    expect(finished.status).toBe(200);
    expect(locationOf(finished)).toBe("");
    expect(await finished.text()).toContain("All done");
  });

  it("a member who closes the hosted page is not sent back, and the token stays valid", async () => {
    const sandbox = openSandbox();
    const address = `/49?connect_token=${await createToken(sandbox)}`;
    const closed = await submit(sandbox, address, { outcome: "close" });
    expect(await closed.text()).toContain("You can close this window");
    expect(locationOf(closed)).toBe("");
    expect((await open(sandbox, address)).status).toBe(200);
  });
});

async function pageWithAction(action: object): Promise<string> {
  const sandbox = openSandbox();
  return textOf(open(sandbox, await addressWithAction(sandbox, action)));
}

async function addressWithAction(sandbox: Sandbox, action: object): Promise<string> {
  const token = await createToken(sandbox, { mode: 3, custom_attributes: { actions: [action] } });
  return `/49?connect_token=${token}`;
}
