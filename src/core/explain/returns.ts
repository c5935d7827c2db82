import { isCallback, parseRedirect, type RedirectClaim } from "../back/parseRedirect.js";
import type { AnyRedirectResult } from "../back/resultTypes.js";
import type { RejectionReason } from "../back/verifyRedirect.js";
import { isLoopback, toUrl } from "../addresses/url.js";
import type { ReturnOptions } from "../options.js";
import { userKeyText } from "../options.js";
import type { ReturnPorts } from "../ports.js";
import { DAY, type FlowRecord, readRecord, RECORD_PREFIX } from "../records/records.js";
import { isOurState } from "../records/state.js";
import { isThenable } from "./describeValue.js";
import { say } from "./logMistake.js";
import { readTrail, wordFor } from "./lastStart.js";
import { hasRead } from "./unreadReturn.js";
import { builtInItem, loadedUrl, nowMs } from "../browser.js";

type Options = ReturnOptions & { storage?: unknown };

/** The ports and options of a reader, and the claim that it has read. */
export interface SeenReturn {
  ports: ReturnPorts;
  options: Options;
  claim: RedirectClaim | undefined;
}

export function explainResultOf(result: AnyRedirectResult, seen: SeenReturn): void {
  if (result.status === "none") return explainNone(seen);
  if (result.status === "rejected") explainRejection(result.reason, seen);
}

function explainNone({ ports, options }: SeenReturn): void {
  const text = options.url ?? ports.currentUrl();
  const url = toUrl(text);
  if (!url) return;
  const { path, match } = options;
  const isNamed = parseRedirect(url, {}) !== undefined;
  if (isNamed && !isCallback(url, options)) {
    const isPath = path !== undefined && !isCallback(url, { path });
    say("a return that is none", {
      expected: isPath ? "a return on the path that path names" : "match to answer true",
      came: isPath ? "parameters of Benji's on another path" : `${answerOf(match, url)} from match`,
      todo:
        `The page is at ${url.pathname}: ` +
        (isPath ? "correct path, or the Redirect URL in Pilot." : "correct match."),
      see: "errors.md#a-return-that-is-not-believed",
    });
  } else if (!isNamed && isInHash(url))
    say("a return that is none", {
      expected: "Benji's parameters in the query",
      came: "parameters of Benji's behind the #, which is not read",
      todo: "Set a Redirect URL without # in Pilot; with a hash router, read the return on the page before the #.",
      see: "frameworks.md",
    });
  else if (!isNamed && options.url === undefined) explainLost(options);
}

/** Explains a return that was in the loaded address, but was removed before a reader read it. */
function explainLost(options: Options): void {
  const loaded = toUrl(loadedUrl());
  if (hasRead() || !loaded || !isCallback(loaded, options) || !parseRedirect(loaded)) return;
  say("a return that is none", {
    expected: "Benji's parameters in the address until they are read",
    came: "none, although the page was loaded with them",
    todo:
      "Something changed the address first: a guard or a redirect of the router, or a script that " +
      "tidies it. Read the return before that, or keep the query.",
    see: "errors.md#a-return-that-is-not-believed",
  });
}

function answerOf(match: unknown, url: URL): string {
  const answer: unknown =
    typeof match === "function" ? (match as (url: URL) => unknown)(url) : match;
  return isThenable(answer) ? "a promise" : "false";
}

/** Matches only what no other provider uses: a state of ours or an id of Benji. */
const isInHash = ({ hash }: URL) => /[?&#](?:state=benji\.|benji_user_(?:uuid|id)=)/.test(hash);

const SAID: Partial<Record<RejectionReason, [expected: string, came: string, todo: string]>> = {
  state_missing: [
    "a return with the state of a flow that began here",
    "one without a state",
    "A link from an e-mail, or a hosted page that was opened by hand: begin at the button.",
  ],
  state_expired: [
    "a return within lifetimeMs of the start",
    "one that is later",
    "Start again. If members take that long, raise lifetimeMs, on the token route too.",
  ],
  state_reused: [
    "one answer for each flow",
    "a second, different one",
    "Start a new flow for each attempt; an address copied from before is no new return.",
  ],
  params_ambiguous: [
    "each of Benji's parameters once",
    "one twice with two values, or hidden in another",
    "Does the Redirect URL in Pilot carry status or state itself, or does a proxy add to the query?",
  ],
  params_too_long: [
    "values of at most 512 characters",
    "a longer one",
    "Benji does not send such a value: who wrote this address?",
  ],
  status_unknown: [
    'status "success" or "error"',
    "another one, or none",
    "Is the query kept whole on the way, through redirects and rewrites?",
  ],
  storage_unavailable: [
    "a storage that can be read",
    "one that threw",
    "Is site data blocked? A storage of your own: does its getItem throw?",
  ],
  not_confirmed: [
    "your confirm to agree",
    "a no",
    "Look at what isConfirmed decided on your server; it was asked about the ids of this return.",
  ],
  state_not_bound: [
    "the cookie of the token route, at the confirm route",
    "403 state_not_bound",
    "Do both routes share apiKey or stateSecret, and is the cookie sent (same site, credentials, Path)? " +
      "The cookie is bound to the user that getUser names.",
  ],
};

function explainRejection(reason: RejectionReason, seen: SeenReturn): void {
  const [expected, came, todo] = SAID[reason] ?? lookCloser(reason, seen) ?? [];
  if (expected && came && todo) say(reason, { expected, came, todo, see: `errors.md#${reason}` });
}

function lookCloser(
  reason: RejectionReason,
  { ports, options, claim }: SeenReturn,
): [expected: string, came: string, todo: string] | undefined {
  const state = claim && "state" in claim ? (claim.state ?? "") : "";
  if (reason === "user_changed") return whoseKey(readRecord(ports.storage(), state), options);
  if (reason === "state_unknown") {
    const [came, todo] = whyUnknown(state, ports, options);
    return ["a flow that this browser has begun", came, todo];
  }
  return undefined;
}

function whoseKey(
  record: FlowRecord | undefined,
  options: Options,
): [expected: string, came: string, todo: string] {
  const expected = "the same userKey at the start and at the return";
  const now = userKeyText(options.userKey);
  if (record?.userKey && !now)
    return [
      expected,
      "one at the start, and none at the return",
      "userKey" in options
        ? "Is the user known yet? Give undefined while they are loading: the result waits as pending."
        : "Give useBenjiRedirectResult the userKey that the button has.",
    ];
  if (!record?.userKey && now)
    return [
      expected,
      "none at the start, and one at the return",
      "Give the button the userKey that useBenjiRedirectResult has.",
    ];
  return [
    expected,
    "two different ones",
    "Another user is signed in now, or the two sides name the same user differently.",
  ];
}

/** Returns the likeliest cause of `state_unknown`. */
function whyUnknown(
  state: string,
  ports: ReturnPorts,
  options: Options,
): [came: string, todo: string] {
  const own = wordFor(options.storage);
  if (!isOurState(state))
    return ["a state that is not of this library", "Did another tool start this flow?"];
  const raw = ports.storage().getItem(RECORD_PREFIX + state);
  if (raw !== null)
    return readRecord(ports.storage(), state)
      ? ["a flow that ended more than a day ago", "Start again; outcomes are kept for 24 hours."]
      : [
          "a record of another version of the library, or a damaged one",
          "Are two versions installed, one for the start and one for the return?",
        ];
  for (const other of ["session", "local"] as const)
    if (other !== own && builtInItem(other, RECORD_PREFIX + state) !== null)
      return [
        `a flow that was stored in "${other}" and looked for in "${own}"`,
        "Give both sides the same storage, or set it once on BenjiConnectProvider.",
      ];
  const url = toUrl(ports.currentUrl());
  return url ? whereElse(url, own) : ["none", "Start again."];
}

function whereElse(url: URL, own: string): [came: string, todo: string] {
  const trail = readTrail();
  const here = url.origin;
  if (trail && trail.origin !== here)
    return [
      `none: the newest start was on ${trail.origin}, and the return came to ${here}`,
      "Each origin has a storage of its own. Begin and end on the same one: the Redirect URL in Pilot decides.",
    ];
  if (trail && trail.storage !== own)
    return [
      `none: the newest start kept it in "${trail.storage}", and the return looks in "${own}"`,
      "Give both sides the same storage, or set it once on BenjiConnectProvider.",
    ];
  if (trail && nowMs() - trail.startedAt > DAY)
    return [
      "none: the newest start here is more than a day old",
      "Start again; nothing is kept longer than 24 hours.",
    ];
  if (trail)
    return [
      `none, although a flow was begun on this origin`,
      own === "session"
        ? 'Did it begin in another tab, or was site data cleared? storage: "local" on both sides is shared by all tabs.'
        : "Was site data cleared, or did newer flows take its place?",
    ];
  if (isLoopback(url))
    return [
      "none, and no trace of a start on this host",
      `Did it begin on ${url.hostname === "localhost" ? "127.0.0.1" : "localhost"}, in another browser or in a ` +
        "private window? Each has a storage of its own: use the host of Pilot's Redirect URL from the start.",
    ];
  return [
    "none, and no trace of a start under this domain",
    "Did it begin on another host (www or not, a preview deployment), in another browser or in a private window?",
  ];
}
