import { expect, it } from "vitest";
import type { Visitor } from "./engines/visitor.js";
import { openServer } from "./openOtherSite.js";
import {
  arriveAtBenji,
  button,
  closedGate,
  demo,
  explanations,
  forgetComplaints,
  interceptShop,
  letThrough,
  newVisitor,
  openShopAndBenji,
  received,
} from "./shopAndBenji.js";

openShopAndBenji();

const tokenRequests = () => received.filter(({ method }) => method === "POST").length;

const answerToken = (answer: () => Response | Promise<Response>) =>
  interceptShop((request, shop) => (request.method === "POST" ? answer() : shop(request)));

const CODE = "[data-benji-error]";

/** Presses the button and reads how the start failed. */
async function failToStart(page: Visitor): Promise<string | null> {
  const before = tokenRequests();
  await page.click(button("connect"));
  await expect.poll(tokenRequests).toBeGreaterThan(before);
  await expect.poll(() => page.attribute(button("connect"), "data-status")).toBe("failed");
  return page.attribute(CODE, "data-benji-error");
}

/** The shop with a mark on `window`, which a navigation would remove. */
async function openWatchedShop(): Promise<Visitor> {
  const page = await newVisitor();
  await page.open(demo.shopUrl);
  await page.run(() => void Object.assign(window, { isStillHere: true }));
  return page;
}

const isUntouched = (page: Visitor) =>
  page.run(() => "isStillHere" in window && !("pwn" in window) && sessionStorage.length === 0);

const HOSTILE_PLACES = [
  "javascript:window.pwn=1",
  "java\nscript:window.pwn=1",
  "jav\tascript:window.pwn=1",
  " javascript:window.pwn=1",
  "\u0001javascript:window.pwn=1",
  "JaVaScRiPt:window.pwn=1//https://connect.withbenji.com",
  "data:text/html,<script>window.pwn=1</script>",
  "blob:https://connect.withbenji.com/1",
  "https://connect.withbenji.com.evil.example/49",
  "https://evilwithbenji.com/49",
  "https://withbenji.com.evil.example/49",
  "https://connect.withbenji.com:8443@evil.example/49",
  "https://member:secret@connect.withbenji.com/49",
  "https:\\\\evil.example\\49",
  "https://evil.example\\@connect.withbenji.com/49",
  "https://evil.example/\t@connect.withbenji.com",
  "https://connect.withb\u0435nji.com/49",
  "https://connect.withbenji\u3002com.evil.example/49",
  "https://[::1]:99999/49",
  "http://connect.withbenji.com/49",
  "//connect.withbenji.com/49",
  "/49",
];

it("a hostile connect_url fails the start as connect_url_untrusted, without navigation or script (T8)", async () => {
  const page = await openWatchedShop();
  for (const place of HOSTILE_PLACES) {
    answerToken(() => Response.json({ token: "t", connect_url: place }));
    expect(await failToStart(page), place).toBe("connect_url_untrusted");
    expect(await page.text(CODE), place).toBe("That did not work. Please try again.");
    expect(await isUntouched(page), place).toBe(true);
  }
});

const HTML = "<!doctype html><title>Please sign in</title>";
const GOOD = "https://connect.withbenji.com/49";
const MALFORMED_ANSWERS: [what: string, code: string, answer: () => Response][] = [
  ["a page with 200", "token_malformed", () => new Response(HTML)],
  ["204", "token_malformed", () => new Response(null, { status: 204 })],
  ["an empty text", "token_malformed", () => new Response("")],
  ["null", "token_malformed", () => Response.json(null)],
  ["an array", "token_malformed", () => Response.json(["t", GOOD])],
  ["an array as token", "token_malformed", () => Response.json({ token: ["t"] })],
  ["an object as token", "token_malformed", () => Response.json({ token: { t: 1 } })],
  ["no token", "token_malformed", () => Response.json({ connect_url: GOOD })],
  [
    "a list of addresses",
    "token_malformed",
    () => Response.json({ token: "t", connect_url: [GOOD] }),
  ],
  ["a prototype", "token_malformed", () => new Response('{"__proto__":{"token":"t"}}')],
  ["Benji's refusal", "token_malformed", () => Response.json({ code: "no", data: { token: "t" } })],
  ["no address", "connect_url_missing", () => Response.json({ token: "t", connect_url: "" })],
  [
    "a wide address",
    "url_too_long",
    () => Response.json({ token: "t", connect_url: GOOD + "x".repeat(8e3) }),
  ],
  [
    "422",
    "token_fetch_failed",
    () => Response.json({ token: "t", connect_url: GOOD }, { status: 422 }),
  ],
];

it("a malformed token answer fails the start and stores nothing, and the next press works (T10)", async () => {
  const page = await openWatchedShop();
  for (const [what, code, answer] of MALFORMED_ANSWERS) {
    answerToken(answer);
    expect(await failToStart(page), what).toBe(code);
    expect(await isUntouched(page), what).toBe(true);
  }
  expect(await page.run(() => Object.keys(Object.prototype))).toEqual([]);
  forgetComplaints(); // about the 422
  letThrough();
  await page.click(button("connect"));
  await arriveAtBenji(page);
});

it("a token of 5 MB fails the start (T10)", async () => {
  const page = await openWatchedShop();
  answerToken(() => Response.json({ token: "t".repeat(5e6), connect_url: GOOD }));
  await page.click(button("connect"));
  await page.waitFor('[data-benji-error="url_too_long"]');
  expect(await isUntouched(page)).toBe(true);
  expect(explanations().join()).not.toContain("ttt");
});

it("an unreachable token route fails the start, and the next press works (F12)", async () => {
  const page = await openWatchedShop();
  answerToken(() => Response.error());
  expect(await failToStart(page)).toBe("token_fetch_failed");
  expect(await isUntouched(page)).toBe(true);
  forgetComplaints(); // about the route
  letThrough();
  await page.click(button("connect"));
  await arriveAtBenji(page);
});

it("while the token request is open, the button is busy and a second press makes no second request (F13)", async () => {
  const page = await openWatchedShop();
  const gate = closedGate();
  interceptShop(async (request, shop) => {
    if (request.method === "POST") await gate.opened;
    return shop(request);
  });
  await page.click(button("connect"));
  await expect.poll(() => page.attribute(button("connect"), "aria-busy")).toBe("true");
  expect(await page.attribute(button("connect"), "data-status")).toBe("connecting");
  expect(await page.text("[role=status]")).toBe("Connecting to Benji");
  await page.click(button("connect"));
  gate.open();
  await arriveAtBenji(page);
  expect(tokenRequests()).toBe(1);
});

it("a token that arrives after the page was left and restored by Back does not navigate the page (F19)", async () => {
  const page = await openWatchedShop();
  const gate = closedGate();
  interceptShop(async (request, shop) => {
    if (request.method === "POST") await gate.opened;
    return shop(request);
  });
  await page.click(button("connect"));
  await expect.poll(() => page.attribute(button("connect"), "data-status")).toBe("connecting");
  await page.open(`${demo.shopUrl}/benji/callback`);
  await page.back();
  await page.waitForAddress((url) => url.pathname === "/");
  expect(await page.attribute(button("connect"), "data-status")).toBe("idle");
  gate.open();
  await page.click(button("redeem"));
  await arriveAtBenji(page);
  expect((await page.address()).includes("mode=4")).toBe(true);
});

it("the button is idle again within 45 s if the browser does not leave the page for Benji (F39)", async () => {
  const page = await openWatchedShop();
  // After an answer 204 the browser stays on the page.
  const nowhere = await openServer((_, outgoing) => outgoing.writeHead(204).end());
  answerToken(() => Response.json({ token: "t", connect_url: `${nowhere}/49` }));
  await page.click(button("connect"));
  await expect.poll(() => page.attribute(button("connect"), "data-status")).toBe("redirecting");
  await expect
    .poll(() => page.attribute(button("connect"), "data-status"), {
      timeout: 45_000,
      interval: 500,
    })
    .toBe("idle");
  letThrough();
  await page.click(button("connect"));
  await arriveAtBenji(page);
});
