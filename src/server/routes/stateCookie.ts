import { isOurState } from "../../core/records/state.js";
import { isLoopback } from "../../core/addresses/url.js";
import { sha256 } from "../sha256.js";

// A state in a cookie that only this server reads: what came back is held against the browser it
// was given to. Each state has a cookie of its own, so that two starts at once cannot lose one.

const LIFETIME_S = 60 * 60;
const MAX_STATES = 5;
/** What follows the prefix in our names; the partner's own cookies may begin alike. */
const HASH = /^[\w-]{43}$/;

/** What it takes to write a cookie that a browser will keep. */
interface Jar {
  prefix: string;
  attributes: string;
}

// WebKit drops Secure cookies on http, even on loopback.
const PLAIN: Jar = { prefix: "benji-", attributes: "; Path=/; HttpOnly; SameSite=Lax" };
const SECURE: Jar = { prefix: "__Host-benji-", attributes: `${PLAIN.attributes}; Secure` };

const jarFor = (ownOrigin: string): Jar => (isPlainLoopback(ownOrigin) ? PLAIN : SECURE);

function isPlainLoopback(ownOrigin: string): boolean {
  const url = new URL(ownOrigin);
  return url.protocol === "http:" && isLoopback(url);
}

/** The `Set-Cookie` lines that bind a state to this browser; none for what is no state of ours. */
export async function bindState(
  state: unknown,
  request: Request,
  ownOrigin: string,
): Promise<string[]> {
  if (!isState(state)) return [];
  const jar = jarFor(ownOrigin);
  const bound = readBound(request, jar);
  const [forgotten, now] = [bound.slice(0, Math.max(0, bound.length - MAX_STATES + 1)), Date.now()];
  return [
    ...forgotten.map(({ name }) => `${name}=${jar.attributes}; Max-Age=0`),
    `${await nameOf(state, jar)}=${now}${jar.attributes}; Max-Age=${LIFETIME_S}`,
  ];
}

/** Whether this browser was given the state. */
export async function isBound(
  state: string,
  request: Request,
  ownOrigin: string,
): Promise<boolean> {
  const jar = jarFor(ownOrigin);
  const wanted = await nameOf(state, jar);
  return readBound(request, jar).some(({ name }) => name === wanted);
}

export const isState = (state: unknown): state is string =>
  typeof state === "string" && isOurState(state) && state.length <= 64;

// Hashed: access logs and other software see cookie names.
const nameOf = async (state: string, { prefix }: Jar) => prefix + (await sha256(state));

/** Oldest first. */
function readBound(request: Request, { prefix }: Jar): { name: string; since: number }[] {
  return (request.headers.get("cookie") ?? "")
    .split(";")
    .map((pair) => pair.trim().split("="))
    .filter(([name = ""]) => name.startsWith(prefix) && HASH.test(name.slice(prefix.length)))
    .map(([name = "", since]) => ({ name, since: Number(since) || 0 }))
    .sort((a, b) => a.since - b.since);
}
