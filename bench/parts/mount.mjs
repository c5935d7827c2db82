// Measures mount, re-render and unmount of a thousand buttons in Chromium, with production React.
import { bundle } from "../lib/bundle.mjs";
import { html, javascript, serve, stubVendors, withBrowser } from "../lib/site.mjs";
import { inTurns, median, ratios } from "../lib/stats.mjs";

const ROUNDS = 40;
const WARM_UPS = 10;

const LANES = {
  plain: "plain `<button>` elements",
  bare: "a bare component: useState, onClick",
  byHand: "by hand: token, redirect, state",
  ours: "BenjiConnectButton",
  oursHook: "useBenjiConnect, own button",
  google: "@react-oauth/google, useGoogleLogin",
  plaid: "react-plaid-link, PlaidLink",
  authKit: "@workos-inc/authkit-react, useAuth",
  quiltt: "@quiltt/react, QuilttButton",
  oidc: "react-oidc-context, useAuth",
  auth0: "@auth0/auth0-react, useAuth0",
};

export async function mount() {
  const script = await bundle("mount");
  const shop = await serve((_, { pathname }) =>
    pathname === "/" ? html("/page.js") : pathname === "/page.js" ? javascript(script) : undefined,
  );
  const rounds = await withBrowser(async (context) => {
    await stubVendors(context);
    const page = await context.newPage();
    await page.goto(shop.origin);
    await page.waitForFunction(() => globalThis.bench);
    return inTurns(Object.keys(LANES), { rounds: ROUNDS, warmUps: WARM_UPS }, (lane) =>
      page.evaluate((lane) => globalThis.bench.measure(lane), lane),
    );
  }).finally(shop.close);
  return ["mount", "rerender", "unmount"].map((step) => toTable(step, rounds));
}

function toTable(step, rounds) {
  const figures = (lane) => rounds[lane].map((round) => round[step]);
  const rows = Object.entries(LANES).map(([lane, name]) => ({
    buttons: name,
    ms: median(figures(lane)),
    "to plain": ratios(figures(lane), figures("plain")),
    "to bare": ratios(figures(lane), figures("bare")),
  }));
  return { title: `1,000 buttons: ${step}, ${ROUNDS} rounds`, rows };
}
