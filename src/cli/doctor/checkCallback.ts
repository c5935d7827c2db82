import { RETURN } from "../../contract.js";
import { type Finding, ok, unknown, wrong } from "./finding.js";
import { follow, type Visited, whyUnreachable } from "./requests.js";

/** No visit to Benji has this state, so the page cannot accept the return. */
const PROBE = {
  [RETURN.status]: "error",
  [RETURN.state]: "benji.doctor",
  [RETURN.benjiUserUuid]: "d0c70000-0000-4000-8000-000000000000",
  [RETURN.triggerEventId]: "d0c70000-0000-4000-8000-000000000001",
};
const USER = PROBE[RETURN.benjiUserUuid];

/** Requests the callback page as a browser does on a return from Benji, and checks the answer. */
export async function checkCallback(callback: URL, tokenRoute: URL): Promise<readonly Finding[]> {
  const start = new URL(callback);
  for (const [name, value] of Object.entries(PROBE)) start.searchParams.set(name, value);
  try {
    const steps = await follow(start);
    const last = steps[steps.length - 1] as Visited;
    const arrived = [checkSecure(start), ...checkSteps(start, steps, last), checkPage(last)];
    if (arrived.some(({ verdict }) => verdict === "wrong")) return arrived;
    return [...arrived, checkReferrer(last), ...checkPolicy(last, tokenRoute), checkCaching(last)];
  } catch (error) {
    return [
      wrong(
        "callback",
        `${callback.href} cannot be reached: ${whyUnreachable(error)}.`,
        "Start the app, or correct --url and --callback.",
      ),
    ];
  }
}

function checkSecure({ protocol, hostname, origin }: URL): Finding {
  if (protocol === "https:") return ok("https", `${origin} is encrypted.`);
  if (isLoopback(hostname))
    return ok("https", `${origin} is this machine; on the internet it has to be https.`);
  return wrong(
    "https",
    `${origin} is not encrypted.`,
    "Serve the app by https: the state and its cookie can be read on the way otherwise.",
  );
}

const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  hostname.startsWith("127.");

function checkSteps(start: URL, steps: readonly Visited[], last: Visited): readonly Finding[] {
  if (steps.length === 1) return [ok("redirects", "The callback answers by itself.")];
  const way = `${start.pathname} redirects to ${last.url.origin}${last.url.pathname}`;
  const lost = Object.entries(PROBE).some(
    ([name, value]) => last.url.searchParams.get(name) !== value,
  );
  if (lost)
    return [
      wrong(
        "redirects",
        `${way} and drops what Benji said.`,
        "Keep the whole query in every redirect (trailing slash, www, locale), or set the Redirect URL in Pilot to the last address.",
      ),
    ];
  if (last.url.origin !== start.origin)
    return [
      wrong(
        "redirects",
        `${way}: another origin.`,
        "The state is stored by origin. Start and return on one: put the last address into --url and into Pilot's Redirect URL.",
      ),
    ];
  const isSamePath = last.url.pathname.replace(/\/$/, "") === start.pathname.replace(/\/$/, "");
  if (isSamePath) return [ok("redirects", `${way} and keeps the query.`)];
  return [
    unknown(
      "redirects",
      `${way} and keeps the query.`,
      "If that is a sign-in page, see that it leads back with the query.",
    ),
  ];
}

function checkPage({ status, headers }: Visited): Finding {
  const type = headers.get("content-type") ?? "no content-type";
  if (status === 200 && type.includes("html"))
    return ok("callback", "It serves HTML with 200 for parameters that it does not know.");
  return wrong(
    "callback",
    `It answers ${status} (${type}) to a return.`,
    "Serve your app's HTML with 200 at this path, whatever the query is (a single-page app needs a fallback to index.html).",
  );
}

// These policies send more than the origin to other sites; the browser's own default does not.
const TALKATIVE = ["unsafe-url", "no-referrer-when-downgrade"];
const POLICIES = [
  ...TALKATIVE,
  "no-referrer",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
];

function checkReferrer({ headers, text }: Visited): Finding {
  const said = (headers.get("referrer-policy") ?? "").split(",").concat(metaOf(text, "referrer"));
  // A browser uses the last policy that it knows.
  const policy = said
    .map((policy) => policy.trim())
    .filter((policy) => POLICIES.includes(policy))
    .pop();
  if (policy === undefined)
    return ok("referrer-policy", "None is set: browsers tell other sites the origin only.");
  if (!TALKATIVE.includes(policy)) return ok("referrer-policy", policy);
  return wrong(
    "referrer-policy",
    `${policy} sends the ids in the query to every site that the page loads from.`,
    "Set Referrer-Policy: strict-origin-when-cross-origin, or no-referrer.",
  );
}

function checkPolicy({ headers, text, url }: Visited, tokenRoute: URL): readonly Finding[] {
  const policies = [
    ...(headers.get("content-security-policy") ?? "").split(","),
    ...metaOf(text, "content-security-policy"),
  ].filter((policy) => policy.trim() !== "");
  if (policies.length === 0) return [ok("csp", "None is set.")];
  const problems = policies.flatMap((policy) => problemsOf(policy, url, tokenRoute));
  if (problems.length === 0)
    return [ok("csp", "It lets the page ask the token route and run as it must.")];
  return problems.map(([found, todo]) => wrong("csp", found, todo));
}

function problemsOf(policy: string, page: URL, tokenRoute: URL): [found: string, todo: string][] {
  const directives = new Map(
    policy.split(";").flatMap((directive): [string, string[]][] => {
      const [name, ...values] = directive.trim().split(/\s+/);
      return name ? [[name.toLowerCase(), values]] : [];
    }),
  );
  const problems: [string, string][] = [];
  const connect = directives.get("connect-src") ?? directives.get("default-src");
  if (connect && !allows(connect, page, tokenRoute))
    problems.push([
      `connect-src does not allow ${tokenRoute.origin}.`,
      `Add ${tokenRoute.origin === page.origin ? "'self'" : tokenRoute.origin} to connect-src.`,
    ]);
  const sandbox = directives.get("sandbox");
  for (const flag of ["allow-scripts", "allow-same-origin"])
    if (sandbox && !sandbox.includes(flag))
      problems.push([`sandbox does not say ${flag}.`, `Add ${flag}, or remove the sandbox.`]);
  return problems;
}

function allows(sources: readonly string[], page: URL, { protocol, host, origin }: URL): boolean {
  return sources.some((source) => {
    if (source === "*" || source === protocol || source === host) return true;
    if (source === "'self'") return origin === page.origin;
    const [, scheme, pattern = ""] = /^([a-z]+:)?(?:\/\/)?(.+?)\/?$/i.exec(source) ?? [];
    const isScheme = scheme === undefined || scheme === protocol;
    const isHost = pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : false;
    // The path of a source is not compared: that would raise false alarms.
    return isScheme && (isHost || pattern === host || pattern.startsWith(`${host}/`));
  });
}

function checkCaching({ headers, text }: Visited): Finding {
  const said = headers.get("cache-control") ?? "";
  const isShared = /\bpublic\b|s-maxage=[1-9]/i.test(said) && !/no-store|private/i.test(said);
  if (!text.includes(USER)) return ok("caching", "The HTML does not depend on the ids.");
  if (!isShared)
    return unknown(
      "caching",
      "The HTML repeats the ids of the query.",
      "Render the result in the browser only, so that no log or cache of yours keeps the ids.",
    );
  return wrong(
    "caching",
    `The HTML repeats the ids of the query, and Cache-Control: ${said} lets caches share it.`,
    "Set Cache-Control: no-store on the callback, or render the result in the browser only.",
  );
}

/** Returns the contents of `<meta name|http-equiv="…">`. */
function metaOf(html: string, name: string): readonly string[] {
  const tags = html.match(/<meta\b[^>]*>/gi) ?? [];
  return tags.flatMap((tag) => {
    const isWanted = new RegExp(`(?:name|http-equiv)\\s*=\\s*["']?${name}["'\\s>]`, "i").test(tag);
    const [, , content] = /content\s*=\s*(["'])(.*?)\1/i.exec(tag) ?? [];
    return isWanted && content !== undefined ? [content] : [];
  });
}
