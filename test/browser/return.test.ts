import { expect, it } from "vitest";
import {
  finishProbe,
  leaveProbe,
  openProbe,
  plant,
  posts,
  probeUrl,
  readError,
  readProbe,
  openStart,
  pressStart,
  returnOf,
  sendMembersTo,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import {
  callbackUrl,
  demo,
  interceptShop,
  leave,
  markup,
  newVisitor,
  readResult,
  received,
} from "./shopAndBenji.js";

openProbe();

it("a returnTo whose path begins with two slashes comes back with exactly one slash (T9)", async () => {
  const page = await newVisitor();
  setUpProbe({ returnTo: `${demo.shopUrl}//evil.example/cart?a=1#b` });
  await leaveProbe(page);
  expect(await finishProbe(page)).toMatchObject({ returnTo: "/evil.example/cart?a=1#b" });
});

it("the library does not navigate to returnTo by itself (T9)", async () => {
  const page = await newVisitor();
  setUpProbe({ returnTo: "/probe/elsewhere" });
  await leaveProbe(page);
  expect(await finishProbe(page)).toMatchObject({ returnTo: "/probe/elsewhere" });
  // Waits: no navigation may follow.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(new URL(await page.address()).pathname).toBe("/probe/callback");
});

it("the browser's performance entry of the navigation keeps the state of the return, as SECURITY.md says", async () => {
  const page = await newVisitor();
  setUpProbe();
  await leaveProbe(page);
  await finishProbe(page);
  expect(await page.address()).not.toContain("state=");
  const [first] = await page.run(() =>
    performance.getEntriesByType("navigation").map(({ name }) => name),
  );
  expect(first).toContain("state=benji.");
});

it.each(["https://evil.example/", "//evil.example", "\\\\evil.example", "javascript:alert(1)"])(
  "no flow starts with %s as returnTo (T9)",
  async (returnTo) => {
    const page = await newVisitor();
    setUpProbe({ returnTo });
    await openStart(page);
    await pressStart(page);
    expect(await readError(page)).toBe("invalid_request");
    expect(posts()).toEqual([]);
  },
);

const NASTY = [
  `<img src=x onerror="window.pwn=1">`,
  `"><script>window.pwn=1</script>`,
  `' autofocus onfocus='window.pwn=1`,
  `javascript:window.pwn=1`,
  `\u202egnp.exe\u2066 \u200f\u0000`,
  `{{constructor.constructor('window.pwn=1')()}}`,
];

it("markup, scripts and bidi characters in a real return are shown as text (T11)", async () => {
  const page = await newVisitor();
  // Confirms every return: the page shows no id of an unconfirmed one.
  interceptShop((request, answer) =>
    request.url.endsWith("/api/benji/confirm") ? Response.json({ points: 1 }) : answer(request),
  );
  for (const text of NASTY) {
    await leave(page, "transfer");
    const state = stateOf(await page.address());
    const evil = encodeURIComponent(text);
    const ids = `benji_user_uuid=${evil}&benji_user_id=${evil}&trigger_event_id=${evil}`;
    await page.open(callbackUrl(returnOf(state, ids)));
    const shown = { benjiUserUuid: text, benjiUserId: text, triggerEventId: text };
    expect(await readResult(page)).toMatchObject({ status: "success", ...shown });
    const found = await page.run(() => ({
      scripts: document.scripts.length,
      images: document.images.length,
      hasRun: "pwn" in window,
    }));
    expect(found, text).toEqual({ scripts: 1, images: 0, hasRun: false });
  }
});

it("a return with a hostile status or state is rejected, and the text is not shown (T11)", async () => {
  const page = await newVisitor();
  for (const text of NASTY) {
    const evil = encodeURIComponent(text);
    for (const query of [
      `status=${evil}&benji_user_id=7`,
      `status=success&benji_user_id=7&state=${evil}`,
    ]) {
      await page.open(callbackUrl(`shop=corner&${query}`));
      expect(await readResult(page)).toMatchObject({ status: "rejected" });
      expect(await markup(page)).not.toContain("pwn");
    }
  }
});

it("after the address is cleaned, the Referer has no parameter of the return (T12)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await leaveProbe(page);
  await finishProbe(page);
  await page.run(() => fetch("/probe/image.png").then(() => {}));
  const image = received.find(({ url }) => url.endsWith("/image.png"))!;
  expect(image.headers.get("referer")).toBe(probeUrl("shop=corner"));
});

it("after a return neither the page, a reload nor Back has the parameters in the address again (T13)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await leaveProbe(page);
  await finishProbe(page);
  const addresses = () => page.run(() => [location.href, document.URL, document.baseURI]);
  const clean = probeUrl("shop=corner");
  expect(await addresses()).toEqual([clean, clean, clean]);
  await page.reload();
  await readProbe(page);
  expect(await addresses()).toEqual([clean, clean, clean]);
  await page.open(demo.shopUrl);
  await page.back();
  await page.waitForAddress((url) => url.pathname === "/probe/callback");
  await readProbe(page);
  expect(await addresses()).toEqual([clean, clean, clean]);
});

it("a stolen state is rejected in another browser, and the real return still succeeds (T14, F24)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const hosted = await leaveProbe(page);
  const thief = await newVisitor();
  await thief.open(probeUrl(returnOf(stateOf(hosted))));
  expect(await readProbe(thief)).toEqual({ status: "rejected", reason: "state_unknown" });
  expect(await markup(thief)).not.toContain("u-1");
  expect(await finishProbe(page)).toMatchObject({ status: "success", replayed: false });
});

const INNATE = ["__proto__", "constructor", "toString", "hasOwnProperty", "benji.__proto__"];

it("a state named like a property of Object.prototype is unknown and changes no object (T18)", async () => {
  const page = await newVisitor();
  setUpProbe();
  for (const name of INNATE) {
    await page.open(probeUrl(`${returnOf(name)}&${name}=1&${name}=2`));
    expect(await readProbe(page), name).toEqual({ status: "rejected", reason: "state_unknown" });
    expect(await page.run(() => Object.keys(Object.prototype))).toEqual([]);
  }
});

const REPEATS = ["status=error", "benji_user_uuid=u-2", "state=benji.other", "benji_user_uuid="];

it("a parameter with two values, in either order, is rejected, and the flow can still succeed (T24, F25)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const real = returnOf(stateOf(await leaveProbe(page)));
  for (const repeat of REPEATS) {
    for (const query of [`${real}&${repeat}`, `${repeat}&${real}`]) {
      await page.open(probeUrl(query));
      const refusal = { status: "rejected", reason: "params_ambiguous" };
      expect(await readProbe(page), query).toEqual(refusal);
    }
  }
  await page.open(probeUrl(`${real}&${real}`));
  expect(await readProbe(page)).toMatchObject({ status: "success", benjiUserUuid: "u-1" });
});

const FOREIGN = [
  "code=4%2F0Ab&state=xyz&scope=email%20profile",
  "status=paid&order=7",
  "status=success",
  "status=error&state=another-provider&error=access_denied",
  "state=%7B%22a%22%3A1%7D",
];

it("an address with only foreign parameters has the status none and is kept byte for byte (T25)", async () => {
  const page = await newVisitor();
  setUpProbe();
  for (const query of FOREIGN) {
    await page.open(`${probeUrl(query)}#top`);
    expect(await readProbe(page), query).toEqual({ status: "none" });
    expect(await page.address()).toBe(`${probeUrl(query)}#top`);
    expect(await page.run(() => history.state as unknown)).toBe(null);
  }
});

it("an OAuth return of another service to the callback path has the status none and stays in the address (T25)", async () => {
  const page = await newVisitor();
  setUpProbe({ path: "/probe/callback" });
  const query = "status=success&code=abc&state=xyz";
  await page.open(probeUrl(query));
  expect(await readProbe(page)).toEqual({ status: "none" });
  expect(await page.address()).toBe(probeUrl(query));
});

it("a return on another path than the option `path` is not read (T25)", async () => {
  const page = await newVisitor();
  setUpProbe({ path: "/probe/callback" });
  const state = stateOf(await leaveProbe(page));
  const elsewhere = `${demo.shopUrl}/probe/elsewhere?${returnOf(state)}`;
  await page.open(elsewhere);
  expect(await readProbe(page)).toEqual({ status: "none" });
  expect(await page.address()).toBe(elsewhere);
  await page.open(probeUrl(returnOf(state)));
  expect(await readProbe(page)).toMatchObject({ status: "success" });
});

it("a return with values of 100 kB is rejected, and the values are removed from the address (T27, F27)", async () => {
  const page = await newVisitor();
  setUpProbe();
  // No server accepts an address of this length, but JavaScript of the page can write it.
  plant(() => {
    const much = "A".repeat(100_000);
    const names = ["state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];
    const query = names.map((name) => `${name}=${much}`).join("&");
    history.replaceState(null, "", `?shop=corner&status=success&${query}`);
  });
  await page.open(probeUrl("shop=corner"));
  expect(await readProbe(page)).toEqual({ status: "rejected", reason: "params_too_long" });
  expect(await page.address()).toBe(probeUrl("shop=corner"));
});

it("parameters in the hash are not read (F26)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const url = `${probeUrl("shop=corner")}#status=success&state=benji.x&benji_user_uuid=u-1`;
  await page.open(url);
  expect(await readProbe(page)).toEqual({ status: "none" });
  expect(await page.address()).toBe(url);
});

it("the hash and the foreign parameters of a return stay in the address (F26, F32)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const theirs =
    "/probe/callback?shop=corner&utm_source=a+b%20c&gclid=1&gclid=2&fbclid#/orders?x=%7e";
  sendMembersTo(theirs);
  await leaveProbe(page);
  expect(await finishProbe(page)).toMatchObject({ status: "success" });
  expect(await page.address()).toBe(demo.shopUrl + theirs);
});

it("an unknown parameter whose name begins with benji_ does not change the result (F32)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const real = returnOf(stateOf(await leaveProbe(page)));
  await page.open(probeUrl(`${real}&benji_campaign=spring`));
  expect(await readProbe(page)).toMatchObject({ status: "success", benjiUserUuid: "u-1" });
});

const MALFORMED = ["%", "%zz", "%E0%A4%A", "%00", "%ED%A0%80"];

it("an id with malformed percent signs has the text that URLSearchParams reads (F28)", async () => {
  const page = await newVisitor();
  setUpProbe();
  for (const text of MALFORMED) {
    const state = stateOf(await leaveProbe(page));
    const ids = `benji_user_uuid=${text}&benji_user_id=${text}&trigger_event_id=${text}`;
    await page.open(probeUrl(returnOf(state, ids)));
    const read = new URLSearchParams(`x=${text}`).get("x");
    const shown = { benjiUserUuid: read, benjiUserId: read, triggerEventId: read };
    expect(await readProbe(page), text).toMatchObject({ status: "success", ...shown });
    expect(await page.address()).toBe(probeUrl("shop=corner"));
  }
});

it.each([
  ["state", "state_unknown"],
  ["status", "status_unknown"],
])(
  "a return with malformed percent signs in its %s is rejected as %s (F28)",
  async (name, reason) => {
    const page = await newVisitor();
    setUpProbe();
    const rest = name === "state" ? "&status=success" : "&state=benji.x";
    for (const text of MALFORMED) {
      await page.open(probeUrl(`shop=corner&benji_user_uuid=u-1&${name}=${text}${rest}`));
      expect(await readProbe(page), text).toEqual({ status: "rejected", reason });
      expect(await page.address()).toBe(probeUrl("shop=corner"));
    }
  },
);

it("the result is shown, also after a reload, if history.replaceState throws (F37)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await leaveProbe(page);
  plant(() => {
    History.prototype.replaceState = () => {
      throw new DOMException("100 times in 30 seconds", "SecurityError");
    };
  });
  expect(await finishProbe(page)).toMatchObject({ status: "success", replayed: false });
  expect(await page.address()).toContain("status=success");
  await page.reload();
  expect(await readProbe(page)).toMatchObject({ status: "success", replayed: true });
});
