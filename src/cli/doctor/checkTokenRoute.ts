import { type Finding, ok, unknown, wrong } from "./finding.js";
import { ask, fieldsOf, type Visited, whyUnreachable } from "./requests.js";

const CHECK = "token route";
const JSON_TYPE = { "content-type": "application/json" };
/** A state in the real format, which no browser's flow has. */
const STATE = `benji.${"doctor".repeat(7)}d`;

/** Sends requests that the token route must refuse, before it creates a token. */
export async function checkTokenRoute(route: URL): Promise<readonly Finding[]> {
  // An empty body is enough: our own route refuses the origin before it reads the body.
  const body = "{}";
  const foreign = { origin: "https://elsewhere.invalid", "sec-fetch-site": "cross-site" };
  try {
    const got = await ask(route);
    const posted = await ask(route, {
      method: "POST",
      headers: { ...JSON_TYPE, ...foreign },
      body,
    });
    const form = { "content-type": "application/x-www-form-urlencoded", ...foreign };
    const submitted = await ask(route, { method: "POST", headers: form, body: "a=b" });
    const isMissing = [got, posted, submitted].every(({ status }) => status === 404);
    if (isMissing)
      return [
        wrong(
          CHECK,
          `${route.href} answers 404.`,
          "Mount createConnectTokenHandler there, or correct --token-route.",
        ),
      ];
    return [
      refusal(`${CHECK}: GET`, got, "Answer POST only: a link or an image can send a GET."),
      isAboutBody(posted)
        ? unknown(`${CHECK}: another site`, `It was refused for its body, ${posted.status}.`)
        : refusal(`${CHECK}: another site`, posted, "Refuse requests whose Origin is not yours."),
      refusal(`${CHECK}: a form`, submitted, "Refuse what is not application/json."),
    ];
  } catch (error) {
    return [
      wrong(
        CHECK,
        `${route.href} cannot be reached: ${whyUnreachable(error)}.`,
        "Start your server, or correct --token-route.",
      ),
    ];
  }
}

const isAboutBody = ({ status }: Visited) => status === 400 || status === 422;

function refusal(check: string, { status, headers }: Visited, todo: string): Finding {
  if (status >= 200 && status < 300) return wrong(check, `It was answered with ${status}.`, todo);
  if (status >= 500)
    return wrong(check, `It ended with ${status}.`, "Look into your server's log; then ask again.");
  if (status === 401)
    return unknown(
      check,
      "It was refused with 401, because nobody is signed in: whatever else it checks comes later.",
    );
  if (status >= 300 && status < 400)
    return unknown(
      check,
      `It was redirected to ${new URL(headers.get("location") ?? "/", "http://relative.invalid").pathname}.`,
      "A route for fetch answers 401 in place of a redirect to the sign-in page.",
    );
  return ok(check, `It was refused with ${status}.`);
}

/** Creates one token that nobody uses, as a signed-in member of this shop would. */
export async function checkToken(
  route: URL,
  shop: URL,
  cookie: string | undefined,
): Promise<readonly Finding[]> {
  const check = `${CHECK}: a token`;
  const headers = {
    ...JSON_TYPE,
    origin: shop.origin,
    "sec-fetch-site": route.origin === shop.origin ? "same-origin" : "same-site",
    ...(cookie !== undefined && { cookie }),
  };
  let answer: Visited;
  try {
    answer = await ask(route, { method: "POST", headers, body: JSON.stringify({ state: STATE }) });
  } catch (error) {
    return [wrong(check, `No answer: ${whyUnreachable(error)}.`, "Look into your server's log.")];
  }
  if (answer.status === 401)
    return [
      unknown(
        check,
        "It was refused with 401, because nobody is signed in.",
        "Set BENJI_DOCTOR_COOKIE to the Cookie header of a signed-in test member.",
      ),
    ];
  if (answer.status !== 200)
    return [
      wrong(
        check,
        `It ended with ${answer.status}.`,
        "Look into your server's log, and at onError.",
      ),
    ];
  return [checkShape(check, answer.text), checkNoStore(answer), checkCookie(answer)];
}

function checkShape(check: string, text: string): Finding {
  const { token, connect_url: connectUrl } = fieldsOf(text);
  if (typeof token !== "string" || token === "")
    return wrong(
      check,
      "The answer is not { token, connect_url }.",
      "Answer with what createConnectTokenHandler gives.",
    );
  if (typeof connectUrl === "string" && connectUrl !== "")
    return ok(check, "The route creates tokens and says where to go.");
  return unknown(
    check,
    "The token comes without connect_url.",
    "Set hostedConnectUrl in the browser: Hosted Connect may not be enabled for your account.",
  );
}

function checkNoStore({ headers }: Visited): Finding {
  const check = `${CHECK}: caching`;
  if (/no-store/i.test(headers.get("cache-control") ?? "")) return ok(check, "no-store");
  return wrong(check, "A cache may keep the token.", "Answer with Cache-Control: no-store.");
}

function checkCookie({ headers, url }: Visited): Finding {
  const check = `${CHECK}: cookie`;
  const cookie = headers.getSetCookie().find((line) => /^(?:__Host-)?benji-/i.test(line));
  if (cookie === undefined)
    return unknown(
      check,
      "The answer binds no state to the browser.",
      "Without createConnectTokenHandler the confirm route cannot tell whose flow it was.",
    );
  const wanted = ["httponly", "samesite=lax", "path=/"];
  if (url.protocol === "https:") wanted.push("secure");
  const attributes = cookie.toLowerCase().split(/;\s*/);
  const missing = wanted.filter((attribute) => !attributes.includes(attribute));
  if (missing.length === 0) return ok(check, "It is bound to this browser.");
  return wrong(
    check,
    `The cookie lacks ${missing.join(", ")}.`,
    "A proxy in between has changed it: pass Set-Cookie on as it is, and set publicOrigin.",
  );
}
