import { MODE_NUMBERS } from "../../contract.js";
import { type ConnectModeName, modeName, parseMode } from "../../core/mode.js";
import { isOurState } from "../../core/records/state.js";
import { invalidRequest } from "../client/apiError.js";
import type { ConnectAction } from "../client/tokenInput.js";
import { got } from "../options.js";
import { type Hmac, sha256 } from "../sha256.js";
import { Refusal } from "./refusal.js";
import type { SigningKeys } from "./signingKeys.js";

// A flow is one visit to Benji; its state comes back with the return. A signed cookie, which only this
// server reads, holds what the token route allowed, and the confirm route compares a return with it.
// Each state has its own cookie, so that two starts at once cannot overwrite each other.

/** A flow, as the token route began it. Its data is signed: the browser cannot have changed it. */
export interface ConfirmFlow {
  mode: ConnectModeName;
  /**
   * The actions of the token, with modes by name. Absent where there were none or `actionsHash` is set.
   */
  actions?: (ConnectAction & { mode: "transfer" | "redeem" })[];
  /**
   * Set instead of `actions`, where they are too long for a cookie: SHA-256 in base64url of the JSON
   * text `[[3,1000,false],…]`. Each inner list is Benji's number of the mode, `amount` and
   * `allowsEditing`.
   */
  actionsHash?: string;
  /** When the token was requested. */
  startedAt: Date;
  /** Returns whether the text is the `userExternalId` of the token. */
  isUserExternalId: (userExternalId: string) => Promise<boolean>;
}

/** What is stored about the start of a flow. */
export interface Start {
  state: string;
  startedAt: number;
  lifetimeMs: number;
  userId: string;
  /** Already checked: Benji has created a token from it. */
  input: {
    mode: unknown;
    actions?: readonly ConnectAction[] | undefined;
    userExternalId?: string | undefined;
  };
}

/** A flow that this browser began, for this user. */
export interface BoundFlow {
  flow: ConfirmFlow;
  lifetimeMs: number;
  /** Hashes that name the flow and the user in a store, without revealing them. */
  names: { flow: string; user: string };
}

const MINUTE_MS = 60 * 1_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MAX_STATES = 5;
/** A whole cookie has at most 512 bytes. Its name, a `=`, a `.` and the signature leave this many. */
const MAX_PAYLOAD = 512 - "__Host-benji-".length - 43 - 45;
/** The part of our cookies' names after the prefix. */
const HASH = /^[\w-]{43}$/;
/** The format of our cookies' values; the partner's own cookies may have names like ours. */
const VALUE = /^([\w-]{20,440})\.([\w-]{43})$/;
/** 22 characters hold 132 bits of a keyed hash: enough to compare, and short enough for a cookie. */
const SHORT = 22;

/** @throws BenjiApiError `invalid_request` */
export function parseLifetime(lifetimeMs: unknown = HOUR_MS): number {
  const isInRange = Number.isSafeInteger(lifetimeMs) && (lifetimeMs as number) >= MINUTE_MS;
  if (isInRange && (lifetimeMs as number) <= DAY_MS) return lifetimeMs as number;
  throw invalidRequest(
    `Expected lifetimeMs as a whole number between ${MINUTE_MS} (one minute) and ${DAY_MS} (24 hours); ` +
      `${got(lifetimeMs)}.`,
  );
}

/** Returns the functions that read and write these cookies for one request. */
export function stateCookies(request: Request, isOnPlainHttp: boolean, signingKeys: SigningKeys) {
  const { prefix, attributes } = isOnPlainHttp ? PLAIN : SECURE;
  const nameOf = async (state: string) => prefix + (await sha256(state)); // hashed: logs show cookie names
  const clear = (name: string) => `${name}=${attributes}; Max-Age=0`;

  return {
    /**
     * Returns the `Set-Cookie` lines that delete cookies to make room for one more flow.
     *
     * @throws Refusal `too_many_flows` for a prefetch: it must not end an open flow
     */
    makeRoom: async (how: { isPrefetch: boolean; replaces: unknown }): Promise<string[]> => {
      const replaced = isState(how.replaces) ? await nameOf(how.replaces) : undefined;
      const found = await readDated(readCookies(request, prefix), prefix, await signingKeys());
      const gone = found.filter(({ name, until }) => name === replaced || until <= Date.now());
      const live = found.filter((cookie) => !gone.includes(cookie));
      const surplus = Math.max(0, live.length - MAX_STATES + 1);
      if (surplus > 0 && how.isPrefetch) throw new Refusal("too_many_flows");
      const oldest = live.sort((a, b) => a.since - b.since).slice(0, surplus);
      return [...gone, ...oldest].map(({ name }) => clear(name));
    },

    /** Returns the `Set-Cookie` line that binds a flow to this browser. */
    bind: async (start: Start): Promise<string> => {
      const [name, keys] = await Promise.all([nameOf(start.state), signingKeys()]);
      const value = await seal("cookie", start, name.slice(prefix.length), keys);
      const maxAge = Math.floor(start.lifetimeMs / 1_000);
      return `${name}=${value}${attributes}; Max-Age=${maxAge}`;
    },

    /** Returns the flow, where this browser began it for this user and it has not expired. */
    read: async (state: string, userId: string): Promise<BoundFlow | undefined> => {
      const name = await nameOf(state);
      const flow = name.slice(prefix.length);
      const own = readCookies(request, prefix).filter((cookie) => cookie.name === name);
      for (const { value } of own) {
        const bound = await unseal("cookie", value, { flow, userId, keys: await signingKeys() });
        if (bound) return bound;
      }
      return undefined;
    },
  };
}

/** Binds flows to an app by a text that the app keeps and sends back, because an app has no cookies. */
export const appBinding = (signingKeys: SigningKeys) => ({
  /** Returns the text that binds a flow to this user. */
  create: async (start: Start): Promise<string> =>
    seal("app", start, await sha256(start.state), await signingKeys()),

  /** Returns the flow, where this user's app began it and it has not expired. */
  read: async (binding: unknown, state: string, userId: string): Promise<BoundFlow | undefined> => {
    if (typeof binding !== "string" || !VALUE.test(binding)) return undefined;
    const of = { flow: await sha256(state), userId, keys: await signingKeys() };
    return unseal("app", binding, of);
  },
});

export const isState = (state: unknown): state is string =>
  typeof state === "string" && isOurState(state) && state.length <= 64;

// Browsers drop Secure cookies on plain http; WebKit does so even on loopback.
const PLAIN = { prefix: "benji-", attributes: "; Path=/; HttpOnly; SameSite=Lax" };
const SECURE = { prefix: "__Host-benji-", attributes: `${PLAIN.attributes}; Secure` };

interface Cookie {
  name: string;
  value: string;
}

/**
 * Returns the cookies with names and values like ours. Only space and tab are trimmed (RFC 6265, 5.2):
 * a sibling subdomain can set a name that begins with another kind of space, which `__Host-` does not
 * protect.
 */
function readCookies(request: Request, prefix: string): Cookie[] {
  return (request.headers.get("cookie") ?? "")
    .split(";")
    .map(splitPair)
    .filter(({ name }) => name.startsWith(prefix) && HASH.test(name.slice(prefix.length)))
    .filter(({ value }) => VALUE.test(value));
}

// A regular expression with two adjacent repeats would take cubic time on a long run of spaces.
function splitPair(pair: string): Cookie {
  const at = pair.indexOf("=");
  return {
    name: trimBlanks(pair.slice(0, Math.max(0, at))),
    value: trimBlanks(pair.slice(at + 1)),
  };
}

function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start++;
  while (start < end && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

const isBlank = (character: string | undefined) => character === " " || character === "\t";

/** Returns the dates of cookies. A cookie that we did not sign counts as expired. */
const readDated = (cookies: readonly Cookie[], prefix: string, keys: readonly Hmac[]) =>
  Promise.all(
    cookies.map(async ({ name, value }) => {
      const opened = await open("cookie", value, name.slice(prefix.length), keys);
      const since = opened?.said.t ?? 0;
      return { name, since, until: since + (opened?.said.l ?? 0) };
    }),
  );

/** The signed payload, with names of one letter, because a browser sends it with each request. */
interface Said {
  /** Benji's number of the mode. */
  m: number;
  /** `t`: when the flow began; `l`: its lifetime; both in milliseconds. */
  t: number;
  l: number;
  /** Keyed hashes: `u` of the user, `x` of the `userExternalId`. */
  u: string;
  x?: string;
  /** `a`: the actions; or `h`: their hash. */
  a?: [mode: number, amount: number, allowsEditing: boolean][];
  h?: string;
}

interface Opened {
  said: Said;
  /** The key that signed: keyed hashes are compared with the same key. */
  key: Hmac;
}

/** What a value was signed for: a cookie is not accepted as an app's binding, nor the reverse. */
type Kind = "cookie" | "app";

const sign = (key: Hmac, kind: Kind, flow: string, payload: string) =>
  key(`${kind}\n${flow}\n${payload}`);
// The flow is part of the hash, so that whoever reads two cookies, in a log for example, cannot see that
// they belong to one user.
const hashUser = async (key: Hmac, flow: string, userId: string) =>
  (await key(`user\n${flow}\n${userId}`)).slice(0, SHORT);
const hashExternalId = async (key: Hmac, flow: string, userExternalId: string) =>
  (await key(`external\n${flow}\n${userExternalId}`)).slice(0, SHORT);

async function encodeStart(
  { startedAt, lifetimeMs, userId, input }: Start,
  flow: string,
  key: Hmac,
  maxLength: number,
): Promise<string> {
  const { mode, actions, userExternalId } = input;
  const said: Said = {
    m: MODE_NUMBERS[parseMode(mode)],
    t: startedAt,
    l: lifetimeMs,
    u: await hashUser(key, flow, userId),
    ...(userExternalId !== undefined && { x: await hashExternalId(key, flow, userExternalId) }),
  };
  if (!actions) return encode(said);
  const a = actions.map(({ mode, amount, allowsEditing }): [number, number, boolean] => [
    MODE_NUMBERS[parseMode(mode)],
    amount,
    allowsEditing,
  ]);
  const whole = encode({ ...said, a });
  return whole.length <= maxLength
    ? whole
    : encode({ ...said, h: await sha256(JSON.stringify(a)) });
}

// The JSON is ASCII only, as `btoa` requires.
const encode = (said: Said): string =>
  btoa(JSON.stringify(said)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const decode = (payload: string): Said =>
  JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Said;

/** Returns the signed value; `<name>=<value>` of a cookie is then at most 512 bytes. */
async function seal(
  kind: Kind,
  start: Start,
  flow: string,
  [key]: readonly Hmac[],
): Promise<string> {
  const payload = await encodeStart(start, flow, key as Hmac, MAX_PAYLOAD);
  return `${payload}.${await sign(key as Hmac, kind, flow, payload)}`;
}

/** Returns the flow of a value, where it has not expired and is this user's. */
async function unseal(
  kind: Kind,
  value: string,
  { flow, userId, keys }: { flow: string; userId: string; keys: readonly Hmac[] },
): Promise<BoundFlow | undefined> {
  const opened = await open(kind, value, flow, keys);
  const isLive = opened && (await isLiveFor(userId, opened, flow));
  return isLive ? toBound(opened, flow, userId) : undefined;
}

/** Returns the payload of a value, where one of the keys signed it for this flow. */
async function open(
  kind: Kind,
  value: string,
  flow: string,
  keys: readonly Hmac[],
): Promise<Opened | undefined> {
  const [, payload = "", signature = ""] = VALUE.exec(value) ?? [];
  for (const key of keys) {
    // The payload is decoded only after this check: what we signed is our JSON.
    if (isSame(await sign(key, kind, flow, payload), signature))
      return { said: decode(payload), key };
  }
  return undefined;
}

async function isLiveFor(userId: string, { said, key }: Opened, flow: string): Promise<boolean> {
  const isLive = Date.now() < said.t + said.l;
  return isLive && isSame(await hashUser(key, flow, userId), said.u);
}

async function toBound({ said, key }: Opened, flow: string, userId: string): Promise<BoundFlow> {
  const { m, t, l, x, a, h } = said;
  return {
    lifetimeMs: l,
    names: { flow, user: await key(`owner\n${userId}`) },
    flow: {
      mode: parseMode(m),
      ...(a && { actions: a.map(toAction) }),
      ...(h !== undefined && { actionsHash: h }),
      startedAt: new Date(t),
      isUserExternalId: async (userExternalId) =>
        x !== undefined && isSame(await hashExternalId(key, flow, userExternalId), x),
    },
  };
}

const toAction = ([mode, amount, allowsEditing]: [number, number, boolean]) => ({
  mode: modeName(mode) as "transfer" | "redeem",
  amount,
  allowsEditing,
});

/** Compares in a time that does not depend on how many characters are equal. */
function isSame(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++)
    difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
