// Measures the callback page, client-rendered, after a real redirect: React's commits until the result
// shows, and ms from the script's first statement to that commit. The wait between the script's end and
// React's first render is subtracted: no lane can change it. The OAuth libraries exchange a code; their
// token endpoint answers at once, on loopback.
import { bundle } from "../lib/bundle.mjs";
import { html, json, neverMet, redirectTo, serve, withBrowser } from "../lib/site.mjs";
import { differences, inTurns, median, ratios, spread } from "../lib/stats.mjs";

const ROUNDS = 30;
const WARM_UPS = 3;

const LANES = {
  plain: "URLSearchParams, nothing checked",
  byHand: "by hand, state checked",
  ours: "useBenjiRedirectResult",
  authKit: "@workos-inc/authkit-react",
  oidc: "react-oidc-context",
  auth0: "@auth0/auth0-react",
};
const FROM_THE_SHOP = ["plain", "byHand", "ours"];

// Counts commits: React reports each one to the hook of its developer tools, in production as well.
const WATCH = `<script>
  let commits = 0, isShown = false;
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    isDisabled: false, supportsFiber: true, renderers: new Map(), inject: () => 1,
    onCommitFiberUnmount() {}, onPostCommitFiberRoot() {}, onScheduleFiberRoot() {},
    onCommitFiberRoot() {
      const now = performance.now();
      commits++;
      if (isShown || !document.querySelector("[data-result]")) return;
      isShown = true;
      const waitedMs = renderStart - scriptEnd;
      globalThis.arrived({ commits, ms: now - scriptStart - waitedMs });
    },
  };
</script>`;

export async function callback() {
  const scripts = { start: await bundle("start") };
  for (const lane of Object.keys(LANES)) scripts[lane] = await bundle(`callback/${lane}`);
  const benji = await serve(answerAsBenji);
  const shop = await serve((_, { pathname }) => answerAsShop(pathname, scripts, benji.origin));
  try {
    return [toTable(await withBrowser((context) => measure(context, shop.origin)))];
  } finally {
    shop.close();
    benji.close();
  }
}

async function measure(context, shop) {
  let arrive;
  await context.exposeFunction("arrived", (figures) => arrive(figures));
  const page = await context.newPage();
  return inTurns(Object.keys(LANES), { rounds: ROUNDS, warmUps: WARM_UPS }, async (lane) => {
    const arrival = new Promise((resolve, reject) => {
      arrive = resolve;
      setTimeout(() => reject(new Error(`${lane}: no result at ${page.url()}`)), 20_000).unref();
    });
    await page.goto(`${shop}/start/${lane}`, { waitUntil: "commit" });
    const figures = await arrival;
    await page.goto("about:blank");
    await context.clearCookies();
    return figures;
  });
}

function answerAsShop(pathname, scripts, benji) {
  const [, kind, lane = ""] = pathname.split("/");
  if (kind === "script") return neverMet(scripts[lane.replace(".js", "")]);
  const told = JSON.stringify({ benji, lane, hosted: `${benji}/hosted/${lane}` });
  const meta = `<meta name="bench" content='${told}'>`;
  if (kind === "start" && FROM_THE_SHOP.includes(lane)) return html("/script/start.js", meta);
  if (kind === "start" || kind === "callback") return html(`/script/${lane}.js`, meta + WATCH);
}

// One server plays Benji and three identity providers. The `code` carries the token endpoint's data.
async function answerAsBenji(request, { pathname, searchParams, origin }) {
  if (request.method === "OPTIONS") return json({});
  if (pathname.startsWith("/hosted/")) {
    const shop = new URL(request.headers.referer).origin;
    const back = new URL(`${shop}/callback/${pathname.split("/")[2]}?status=success`);
    back.searchParams.set("state", searchParams.get("state"));
    back.searchParams.set("benji_user_uuid", "0b8c0d3e-7a52-4c1e-9d55-5a3f6f2f9c11");
    return redirectTo(back);
  }
  if (pathname.endsWith("/authorize")) {
    const back = new URL(searchParams.get("redirect_uri"));
    const code = toBase64({ nonce: searchParams.get("nonce") ?? undefined });
    back.searchParams.set("code", code);
    if (searchParams.has("state")) back.searchParams.set("state", searchParams.get("state"));
    return redirectTo(back);
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  if (pathname === "/oauth/token") return json(tokensFor(new URLSearchParams(body), origin));
  if (pathname === "/user_management/authenticate")
    return json({ user: { id: "ada" }, access_token: jwt({}), refresh_token: "r" });
}

function tokensFor(asked, origin) {
  const { nonce } = JSON.parse(Buffer.from(asked.get("code"), "base64url").toString());
  return {
    access_token: "a",
    token_type: "Bearer",
    expires_in: 3_600,
    scope: "openid",
    id_token: jwt({ iss: `${origin}/`, aud: "bench", sub: "ada", nonce }),
  };
}

const toBase64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function jwt(claims) {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: "RS256", typ: "JWT", kid: "1" };
  return [header, { iat: now, exp: now + 3_600, sid: "s", ...claims }, "signature"]
    .map(toBase64)
    .join(".");
}

function toTable(rounds) {
  const figures = (lane, name) => rounds[lane].map((round) => round[name]);
  const title = `Callback: script to the commit that shows the result, ${ROUNDS} rounds`;
  const rows = Object.entries(LANES).map(([lane, name]) => ({
    "read by": name,
    commits: spread(figures(lane, "commits")),
    ms: median(figures(lane, "ms")),
    "to URLSearchParams": ratios(figures(lane, "ms"), figures("plain", "ms")),
    "ms more": differences(figures(lane, "ms"), figures("plain", "ms")),
  }));
  return { title, rows };
}
