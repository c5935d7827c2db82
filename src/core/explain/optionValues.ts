import { BENJI_DOMAIN, MODE_NUMBERS } from "../../contract.js";
import { pageUrl } from "../browser.js";
import { isDevelopmentHost } from "../addresses/developmentHost.js";
import { sameOriginPath } from "../addresses/returnTo.js";
import { isLoopback, toUrl } from "../addresses/url.js";
import { modeName } from "../mode.js";
import type { ConnectOptions } from "../options.js";
import { LIFETIME_RANGE_MS } from "../records/records.js";
import { isThenable, kindOf } from "./describeValue.js";
import { type Mistake, say } from "./logMistake.js";
import { explainStorage } from "./storageOption.js";

type Options = Readonly<Record<string, unknown>>;
type Check = (value: unknown, options: Options) => Mistake | undefined;

/** Checks the value of every given option, of a start or of a reader. */
export function explainValues(options: Options): void {
  for (const [name, check] of Object.entries(checks())) {
    const value = options[name];
    const mistake = value === undefined ? undefined : check(value, options);
    if (mistake) say(name, mistake);
  }
  explainStorage(options["storage"]);
}

/** A start needs one of two options. */
export function explainMissingTarget(options: ConnectOptions): void {
  if (options.fetchConnectToken !== undefined || options.hostedConnectUrl) return;
  say("the start", {
    expected: "fetchConnectToken, or hostedConnectUrl for the flow without a token",
    came: "neither",
    todo: 'Write fetchConnectToken="/api/benji/connect-token", or give it to a BenjiConnectProvider above.',
    see: "errors.md#connect_url_missing",
  });
}

/** A prefetch needs `userKey`. One that is given as `undefined` is correct: the user is still loading. */
export function explainMissingUserKey(options: ConnectOptions): void {
  if ("userKey" in options) return;
  say("prefetch", {
    expected: "userKey beside it",
    came: "none, so a user who signs in on this page within 30 s could get the token of the one before",
    todo: "Give your id of the signed-in user, here and at useBenjiRedirectResult.",
  });
}

const wrong = (expected: string, came: string, todo: string, see?: string): Mistake => ({
  expected,
  came,
  todo,
  ...(see !== undefined && { see }),
});

const wrongKind = (expected: string, value: unknown, todo: string, see?: string): Mistake =>
  wrong(expected, kindOf(value), todo, see);

const aFunction =
  (todo: string): Check =>
  (value) =>
    typeof value === "function" ? undefined : wrongKind("a function", value, todo);

const aBoolean: Check = (value) =>
  typeof value === "boolean"
    ? undefined
    : wrongKind("true or false", value, "Write it without quotes.");

function route(value: unknown, name: string): Mistake | undefined {
  const expected = "a function or the URL of a route as text";
  if (typeof value === "function") return undefined;
  if (isThenable(value))
    return wrongKind(
      expected,
      value,
      `Hand over the function itself, without calling it: ${name}={fn}.`,
    );
  if (value instanceof URL) return wrong(expected, "a URL object", "Hand over its href.");
  if (typeof value !== "string")
    return wrongKind(expected, value, `Write ${name}="/api/benji/…" or give a function.`);
  if (!value.trim())
    return wrong(expected, "empty text", "Is the variable of your build that holds it set?");
  if (/^(?:undefined|null)\b|\/(?:undefined|null)(?:\/|$)/.test(value))
    return wrong(
      expected,
      'text with "undefined" or "null" in it',
      "Is the variable of your build set?",
    );
  if (isBenjisApi(value))
    return wrong(
      "the URL of a route of your own server",
      "an address of Benji's",
      "Benji's API takes the partner key, which must never reach a browser. " +
        "Let your server ask with createConnectTokenHandler.",
      "server.md#the-two-routes",
    );
  return undefined;
}

const isBenjisApi = (value: string) =>
  `.${toUrl(value)?.hostname ?? ""}`.endsWith(`.${BENJI_DOMAIN}`);

function mode(value: unknown): Mistake | undefined {
  if (modeName(value)) return undefined;
  const expected = '"connect", "transfer", "redeem", 1, 3 or 4';
  if (value === 2) return wrong(expected, "the number 2", "Benji's documents have no mode 2.");
  const text = typeof value === "string" ? value.trim().toLowerCase() : "";
  const names = Object.entries(MODE_NUMBERS);
  const [meant] = names.find(([name, number]) => text === name || text === `${number}`) ?? [];
  return wrong(
    expected,
    typeof value === "string" || typeof value === "number"
      ? `another ${typeof value}`
      : kindOf(value),
    meant ? `Did you mean mode="${meant}"?` : "Leave it out for Benji's default, connect.",
  );
}

function amount(value: unknown, { mode }: Options): Mistake | undefined {
  const expected = "a positive number of points";
  if (typeof value === "string")
    return wrongKind(expected, value, "Write amount={1000}, or convert it with Number().");
  if (typeof value !== "number" || Number.isNaN(value))
    return wrongKind(expected, value, "Leave it out where there is none.");
  if (value === 0) return wrong(expected, "zero", "Leave it out where there is none.");
  if (value < 0)
    return wrong(expected, "a negative number", "Points that go out are positive too.");
  if (value > Number.MAX_SAFE_INTEGER)
    return wrong(expected, "a number too large", "At most Number.MAX_SAFE_INTEGER.");
  if (mode !== undefined && modeName(mode) === "connect")
    return wrong(
      'mode "transfer" or "redeem" beside it',
      'mode "connect", which has no use for it',
      "Leave amount out, or change mode.",
    );
  return undefined;
}

function appState(value: unknown): Mistake | undefined {
  const expected = "what JSON can say, which is kept while the member is away";
  const dropped = new Set<string>();
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === "function") dropped.add("a function");
      if (typeof inner === "symbol") dropped.add("a symbol");
      if (inner instanceof Map || inner instanceof Set) dropped.add("a Map or Set");
      return inner;
    });
  } catch {
    return wrong(expected, "a bigint or something that contains itself", "Keep an id instead.");
  }
  const [first] = dropped;
  if (first)
    return wrong(expected, `${first} in it`, "It would be lost. Keep plain data or an id.");
  if ((text?.length ?? 0) > 4_096)
    return wrong("at most 4,096 characters of JSON", "more of it", "Keep an id instead.");
  return undefined;
}

const PATTERN = /(?:^|\/):|\*|\/\[|\/\{|\(/;

function path(value: unknown): Mistake | undefined {
  const expected = 'a path such as "/benji/callback"';
  if (value instanceof RegExp)
    return wrong(expected, "a pattern", "Use match: (url) => boolean for patterns.");
  if (typeof value !== "string") return wrongKind(expected, value, "Write it as text.");
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(value))
    return wrong(
      expected,
      "a full URL",
      "Leave out scheme and host: the callback is on this origin.",
    );
  if (value.includes("?"))
    return wrong(expected, "a path with a query", "Leave out the question mark and what follows.");
  if (value.includes("#"))
    return wrong(
      expected,
      "a path with a hash",
      "The hash is not read: Benji answers in the query.",
    );
  if (PATTERN.test(value))
    return wrong(
      expected,
      "a pattern",
      "Only this very path matches; use match: (url) => boolean.",
    );
  if (value && !value.startsWith("/"))
    return wrong(
      expected,
      "a path without a leading slash",
      "Write the slash, as location.pathname does.",
    );
  return undefined;
}

function match(value: unknown): Mistake | undefined {
  if (typeof value === "function") return undefined;
  return wrongKind(
    "a function (url: URL) => boolean",
    value,
    "For one path use path, which is text.",
  );
}

function trustedHosts(value: unknown): Mistake | undefined {
  const expected = 'a list of hosts such as ["connect.shop.example"]';
  const see = "errors.md#connect_url_untrusted";
  if (typeof value === "string")
    return wrongKind(expected, value, "Put it into a list, even where it is the only one.", see);
  if (!Array.isArray(value)) return wrongKind(expected, value, "Write it as a list of text.", see);
  for (const host of value as unknown[]) {
    const came = typeof host === "string" ? hostFault(host) : `a list with ${kindOf(host)} in it`;
    if (came)
      return wrong(expected, came, "Write each as URL.host does, nothing before or after.", see);
  }
  return undefined;
}

function hostFault(host: string): string | undefined {
  if (host.includes("*")) return "an entry with a wildcard, which matches nothing";
  if (host.includes("://")) return "an entry with a scheme";
  if (host.includes("/")) return "an entry with a slash";
  if (!host) return "an empty entry";
  const normal = toUrl(`https://${host}`)?.host;
  if (normal === host || toUrl(`http://${host}`)?.host === host) return undefined;
  return "an entry that no URL.host equals";
}

function hostedConnectUrl(
  value: unknown,
  { dangerouslyAllowHttpInDevelopment: allowsHttp }: Options,
): Mistake | undefined {
  const expected = "an address that begins with https";
  const see = "errors.md#connect_url_untrusted";
  if (value instanceof URL) return wrong(expected, "a URL object", "Hand over its href.", see);
  if (typeof value !== "string") return wrongKind(expected, value, "Write it as text.", see);
  if (!value) return undefined; // Empty text counts as absent.
  const url = toUrl(value);
  if (!url)
    return wrong(
      expected,
      "text that is none",
      'Begin with "https://". Is the variable of your build that holds it set?',
      see,
    );
  if (url.username || url.password)
    return wrong(expected, "one with credentials", "Take out the part before the @.", see);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return undefined;
  if (url.protocol === "http:" && allowsHttp === true && isDevelopmentHost(url)) return undefined;
  return wrong(
    expected,
    url.protocol === "http:" ? "one that is http" : "another scheme",
    "Plain http is taken on loopback only: a token in it could be read on the way.",
    see,
  );
}

function userKey(value: unknown): Mistake | undefined {
  if (typeof value === "string" || value === null) return undefined;
  if (typeof value === "number" && !Number.isNaN(value)) return undefined;
  return wrongKind(
    "text, a number, or null for nobody",
    value,
    "Give the user's id, not the user.",
  );
}

function duration(min: number, max: number, what: string): Check {
  return (value) => {
    const expected = `milliseconds, ${what}`;
    if (typeof value !== "number" || Number.isNaN(value))
      return wrongKind(expected, value, "Write it as a number.");
    if (value >= min && value <= max) return undefined;
    const looksLikeSeconds = value > 0 && value < min;
    return wrong(
      expected,
      value > max ? "a number too large" : "a number too small",
      looksLikeSeconds
        ? "Are those seconds? Multiply them by 1,000."
        : "Leave it out for the default.",
    );
  };
}

function returnTo(value: unknown): Mistake | undefined {
  const expected = 'an address of this origin, such as "/checkout"';
  if (value instanceof URL) return wrong(expected, "a URL object", "Hand over its pathname.");
  if (typeof value !== "string") return wrongKind(expected, value, "Write it as text.");
  const page = pageUrl();
  if (!/^https?:/.test(page) || sameOriginPath(value, page)) return undefined;
  return wrong(
    expected,
    "an address of another origin",
    "The member comes back to this app. Go on to other sites from there yourself.",
  );
}

function userExternalId(value: unknown, { fetchConnectToken }: Options): Mistake | undefined {
  if (typeof value !== "string")
    return wrongKind("text", value, "Convert it with String(): an id is not a quantity.");
  if (!value || !fetchConnectToken) return undefined;
  return wrong(
    "no fetchConnectToken beside it",
    "both, and with a token it is never sent",
    "Return it from createRequest on your server, where no member can edit it.",
    "server.md#the-two-routes",
  );
}

function prefetch(value: unknown): Mistake | undefined {
  if (value === "intent" || value === false) return undefined;
  return wrong(
    '"intent" or false',
    typeof value === "string" ? "another word" : kindOf(value),
    'Write prefetch="intent": the token is fetched on hover, focus or touch.',
  );
}

const url: Check = (value) =>
  typeof value === "string"
    ? undefined
    : wrongKind(
        "the address of a return as text",
        value,
        "Of a URL or a location, hand over its href.",
      );

const requestInit: Check = (value) => {
  if (typeof value === "function" || (typeof value === "object" && value && !isThenable(value)))
    return undefined;
  return wrongKind(
    "{ headers, credentials } or a function that answers it",
    value,
    "Hand over the function itself where it is asynchronous.",
  );
};

// A function: bundlers would keep a constant that calls functions, even in production.
const checks = (): Readonly<Record<string, Check>> => ({
  fetchConnectToken: (value) => route(value, "fetchConnectToken"),
  confirm: (value) => route(value, "confirm"),
  hostedConnectUrl,
  trustedHosts,
  mode,
  amount,
  appState,
  url,
  path,
  match,
  userKey,
  returnTo,
  userExternalId,
  requestInit,
  prefetch,
  lifetimeMs: duration(LIFETIME_RANGE_MS.min, LIFETIME_RANGE_MS.max, "a minute to a day"),
  tokenTimeoutMs: duration(100, Infinity, "at least 100"),
  waitMs: duration(0, Infinity, "none or more"),
  preview: aBoolean,
  showError: aBoolean,
  dangerouslyAcceptReturnsWithoutState: aBoolean,
  dangerouslyAllowHttpInDevelopment: aBoolean,
  navigate: aFunction("Give (url) => void, or leave it out for location.assign."),
  replaceUrl: aFunction("Give your router's own function, such as (url) => router.replace(url)."),
  onEvent: aFunction("Give (name, metadata) => void."),
  onError: aFunction("Give (error) => void."),
});
