import { expect, it } from "vitest";
import type { Visitor } from "./engines/visitor.js";
import { openOtherSite } from "./openOtherSite.js";
import {
  finishProbe,
  leaveProbe,
  openProbe,
  posts,
  pressStart,
  probeUrl,
  readError,
  readProbe,
  returnOf,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import { demo, finish, forgetComplaints, markup, newVisitor } from "./shopAndBenji.js";

openProbe();

const FORGED_STATE = `benji.${"A".repeat(43)}`;
const forged = () => probeUrl(returnOf(FORGED_STATE, "benji_user_uuid=ATTACKER"));

const ways = [
  {
    way: "a link",
    body: (url: string) => `<a href="${url}">Free points</a>`,
    follow: async (page: Visitor) => {
      await page.click({ link: "Free points" });
      return page;
    },
  },
  {
    way: "a refresh",
    body: (url: string) => `<meta http-equiv="refresh" content="0; url=${url}">`,
    follow: (page: Visitor) => Promise.resolve(page),
  },
  {
    way: "a frame",
    body: (url: string) => `<iframe src="${url}" width="600" height="400"></iframe>`,
    follow: (page: Visitor) => page.frame("iframe"),
  },
  {
    way: "a window",
    body: (url: string) => `<button onclick="window.open('${url}')">Free points</button>`,
    follow: (page: Visitor) => page.tabOpenedBy(() => page.click({ button: "Free points" })),
  },
];

it.each(ways)(
  "a forged return from $way on another site is rejected, and the real return is still accepted (T1)",
  async ({ body, follow }) => {
    const page = await newVisitor();
    setUpProbe({ confirm: true });
    const hosted = await leaveProbe(page);
    const asked = posts().length;

    await page.open(await openOtherSite(body(forged().replaceAll("&", "&amp;"))));
    const there = await follow(page);
    expect(await readProbe(there)).toEqual({ status: "rejected", reason: "state_unknown" });
    expect(await markup(there)).not.toContain("ATTACKER");
    expect(posts().length).toBe(asked);

    setUpProbe();
    await page.open(hosted);
    expect(await finishProbe(page)).toMatchObject({ status: "success", replayed: false });
  },
);

it("a forged error from another site is rejected (T2)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const url = probeUrl(returnOf(FORGED_STATE, "benji_user_id=7", "error"));
  await page.open(await openOtherSite(`<a href="${url.replaceAll("&", "&amp;")}">Help</a>`));
  await page.click({ link: "Help" });
  expect(await readProbe(page)).toEqual({ status: "rejected", reason: "state_unknown" });
});

it("a shop in another site's frame rejects the return of a flow that was started outside the frame (T22)", async () => {
  const page = await newVisitor();
  setUpProbe({ storage: "local" });
  const state = stateOf(await leaveProbe(page));
  const url = probeUrl(returnOf(state)).replaceAll("&", "&amp;");
  await page.open(await openOtherSite(`<iframe src="${url}"></iframe>`));
  const { status } = await readProbe(await page.frame("iframe"));
  expect(status).toBe("rejected");
});

it("a flow can start and finish in a frame on another site (F40)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const start = `${demo.shopUrl}/probe/start`;
  await page.open(await openOtherSite(`<iframe src="${start}" width="900" height="700"></iframe>`));
  const frame = await page.frame("iframe");
  await pressStart(frame);
  await frame.waitForAddress((url) => url.origin === demo.sandboxUrl);
  await finish(frame);
  expect(await readProbe(frame)).toMatchObject({ status: "success", replayed: false });
  forgetComplaints(); // Firefox reports that it stores no SameSite=Lax cookie in another site's frame
});

it("a start in a sandboxed frame without storage fails as storage_unavailable and requests no token (F1)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const start = `${demo.shopUrl}/probe/start`;
  await page.open(
    await openOtherSite(`<iframe sandbox="allow-scripts" src="${start}" width="600"></iframe>`),
  );
  const frame = await page.frame("iframe");
  await pressStart(frame);
  expect(await readError(frame)).toBe("storage_unavailable");
  expect(posts()).toEqual([]);
});
