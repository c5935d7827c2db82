/**
 * The whole journey of a member, out and back, top to bottom.
 *
 *   out:   openFlow → requestConnectToken → buildHostedConnectUrl → navigate
 *   back:  readReturn (parseRedirect → verifyRedirect) → settleReturn → cleanAddress → confirmReturn
 */
import { BenjiConnectError } from "../errors.js";
import { askForConfirmation, type ConfirmRedirect } from "./askForConfirmation.js";
import { buildHostedConnectUrl, parseAmount } from "./buildHostedConnectUrl.js";
import { readPointer, withPointer } from "./historyPointer.js";
import { parseMode } from "./mode.js";
import { openFlow, type OpenFlow } from "./openFlow.js";
import type { ConnectOptions, ConnectOutcome, ReturnOptions } from "./options.js";
import {
  isCallback,
  parseRedirect,
  type ReadableClaim,
  type RedirectClaim,
} from "./parseRedirect.js";
import type { LeavePorts, ReturnPorts } from "./ports.js";
import {
  type FlowRecord,
  isForgotten,
  readLast,
  readRecord,
  settleRecord,
  storeConfirmation,
  sweepRecords,
  writeLast,
} from "./records.js";
import { removeRedirectParams } from "./removeRedirectParams.js";
import { type ConnectTokenRequest, requestConnectToken } from "./requestConnectToken.js";
import { createState } from "./state.js";
import { toUrl } from "./url.js";
import {
  rejected,
  type RejectedRedirect,
  type UnverifiedRedirect,
  type VerifiedRedirect,
  verifyRedirect,
} from "./verifyRedirect.js";

const TOKEN_TIMEOUT_MS = 15_000;

/** Sends the member to Benji. Never rejects; a failed start leaves nothing behind. */
export async function leaveForBenji(
  ports: LeavePorts,
  options: ConnectOptions,
  signal: AbortSignal,
  prefetched?: Prefetched,
): Promise<ConnectOutcome> {
  let flow: OpenFlow | undefined;
  try {
    const request = parseRequest(options);
    // Stored before the token is fetched: a full or denied store must fail before the member waits.
    flow = openFlow(ports, options, request.mode, prefetched?.state);
    const url = await (prefetched?.url ??
      findHostedPage(ports, options, { state: flow.state, ...request }, signal));
    // Called off while the token was on its way: whoever left must not be taken along.
    if (signal.aborted) throw new BenjiConnectError("aborted", "The start was called off.");
    navigate(ports, url);
    return { status: "redirecting" };
  } catch (error) {
    quietly(() => flow?.discard());
    return { status: "failed", error: error as BenjiConnectError };
  }
}

/** A flow whose token was fetched ahead of the click. Nothing of it is stored yet. */
export interface Prefetched {
  state: string;
  /** Where it will lead. */
  url: Promise<string>;
  /** Calls the request off. */
  stop: () => void;
}

/** Fetches the token of a flow that may begin soon. */
export function prefetchHostedPage(ports: LeavePorts, options: ConnectOptions): Prefetched {
  const abort = new AbortController();
  const state = createState((length) => ports.randomBytes(length));
  const request = { state, ...parseRequest(options) };
  const url = findHostedPage(ports, options, request, abort.signal);
  return { state, url, stop: () => abort.abort() };
}

const parseRequest = ({ mode, amount }: ConnectOptions) => ({
  ...(mode !== undefined && { mode: parseMode(mode) }),
  ...(amount !== undefined && { amount: parseAmount(amount) }),
});

async function findHostedPage(
  ports: LeavePorts,
  options: ConnectOptions,
  request: ConnectTokenRequest,
  signal: AbortSignal,
): Promise<string> {
  const { fetchConnectToken, hostedConnectUrl = "", userExternalId, preview } = options;
  const timeoutMs = options.tokenTimeoutMs ?? TOKEN_TIMEOUT_MS;
  const answer = fetchConnectToken
    ? await requestConnectToken(fetchConnectToken, request, { signal, timeoutMs })
    : undefined;
  return buildHostedConnectUrl(
    answer?.connectUrl || hostedConnectUrl,
    { ...request, connectToken: answer?.token, userExternalId, preview },
    { trustedHosts: trustedHosts(options), pageUrl: ports.currentUrl() },
  );
}

function trustedHosts({ trustedHosts = [], hostedConnectUrl = "" }: ConnectOptions) {
  const configured = toUrl(hostedConnectUrl)?.host;
  return configured ? [...trustedHosts, configured] : trustedHosts;
}

function navigate(ports: LeavePorts, url: string): void {
  try {
    ports.navigate(url);
  } catch (cause) {
    throw new BenjiConnectError(
      "navigation_blocked",
      "Expected to leave for Benji; see the cause.",
      {
        cause,
      },
    );
  }
}

/** What the present address turned out to be. */
export interface Landing<A = unknown> {
  result: { status: "none" } | VerifiedRedirect<A> | UnverifiedRedirect | RejectedRedirect;
  /** The flow it belongs to, where the result is believed. */
  state?: string;
  /** What is said of the flow: by the address, or by the outcome stored of it. */
  claim?: RedirectClaim;
  /** The address itself carries the return. */
  isFresh: boolean;
  /** What the partner's server said when it was asked before. */
  confirmation?: unknown;
}

/**
 * Reads the present address and decides. Writes nothing: a forged visit burns nothing.
 * `isFirst` says that this document has not been read before; only then may a reload be meant.
 */
export function readReturn(ports: ReturnPorts, options: ReturnOptions, isFirst: boolean): Landing {
  const claim = parseRedirect(ports.currentUrl(), options);
  if (claim) return judgeClaim(ports, claim, options);
  try {
    return recallSettled(ports, options, isFirst) ?? NOTHING;
  } catch {
    return NOTHING;
  }
}

const NOTHING: Landing = { isFresh: false, result: { status: "none" } };

/** Holds a claim against the record of its flow. */
export function judgeClaim(
  ports: ReturnPorts,
  claim: RedirectClaim,
  options: ReturnOptions,
): Landing {
  const state = claim.status === "unreadable" ? undefined : claim.state;
  let record: FlowRecord | undefined;
  try {
    if (state) record = readRecord(ports.storage(), state);
  } catch {
    return { claim, isFresh: true, result: rejected("storage_unavailable") };
  }
  const circumstances = { ...options, now: ports.now(), pageUrl: ports.currentUrl() };
  const result = verifyRedirect(claim, record, circumstances);
  const { confirmation } = record ?? {};
  const isBelieved = result.status !== "rejected";
  return { claim, isFresh: true, result, ...(isBelieved && state && { state, confirmation }) };
}

// After the address was cleaned: a reload, or Back to the entry, finds the flow that ended here.
function recallSettled(
  ports: ReturnPorts,
  options: ReturnOptions,
  isFirst: boolean,
): Landing | undefined {
  const page = new URL(ports.currentUrl());
  if (!isCallback(page, options)) return undefined;
  const storage = ports.storage();
  const wasRestored = isFirst && ports.restoredPath() === page.pathname;
  const state =
    readPointer(ports.historyState()) ??
    (wasRestored ? readLast(storage, page.pathname) : undefined);
  const record = state ? readRecord(storage, state) : undefined;
  if (!state || !record?.outcome || isForgotten(record, ports.now())) return undefined;
  const { settledAt: _, ...answer } = record.outcome;
  return { ...judgeClaim(ports, { ...answer, state }, options), isFresh: false };
}

/** Marks the flow as used, now that everything has been checked. A failed write changes no result. */
export function settleReturn(ports: ReturnPorts, { claim, state, isFresh }: Landing): void {
  if (!isFresh || !state || !claim || claim.status === "unreadable") return;
  quietly(() => {
    const storage = ports.storage();
    settleRecord(storage, state, claim, ports.now());
    writeLast(storage, new URL(ports.currentUrl()).pathname, state);
    sweepRecords(storage, ports.now());
  });
}

/** Takes Benji's parameters out of the address bar; the entry remembers which flow ended on it. */
export function cleanAddress(ports: ReturnPorts, { isFresh, state = "" }: Landing): void {
  if (!isFresh) return;
  quietly(() => {
    const historyState = withPointer(ports.historyState(), state);
    ports.replaceUrl(removeRedirectParams(ports.currentUrl()), historyState);
  });
}

/**
 * Asks the partner's server whether a believed success counts, and remembers its answer.
 *
 * @throws BenjiConnectError `confirm_failed`
 */
export async function confirmReturn<C>(
  ports: ReturnPorts,
  { claim, state }: Landing,
  confirm: ConfirmRedirect<C>,
  signal: AbortSignal,
): Promise<false | C> {
  const answer = await askForConfirmation(confirm, claim as ReadableClaim, signal);
  if (state && answer !== false) quietly(() => storeConfirmation(ports.storage(), state, answer));
  return answer;
}

/** For what may fail without changing what the member is told. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // The result stands as it is.
  }
}
