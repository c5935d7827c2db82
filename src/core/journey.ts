/**
 * The whole journey of a member, out and back, top to bottom.
 *
 *   out:   openFlow → requestConnectToken → buildHostedConnectUrl → navigate
 *   back:  readReturn (parseRedirect → verifyRedirect) → settleReturn → cleanAddress → tellRouter
 *          → confirmReturn
 */
import { BenjiConnectError } from "../errors.js";
import { askForConfirmation, type ConfirmRedirect } from "./back/askForConfirmation.js";
import { buildHostedConnectUrl, parseAmount } from "./out/buildHostedConnectUrl.js";
import { isNextEntry, readPointer, withoutNextMark, withPointer } from "./back/historyPointer.js";
import { parseMode } from "./mode.js";
import { openFlow } from "./out/openFlow.js";
import type { ConnectOptions, ConnectOutcome, ReturnOptions } from "./options.js";
import {
  isCallback,
  parseRedirect,
  type ReadableClaim,
  type RedirectClaim,
} from "./back/parseRedirect.js";
import type { LeavePorts, ReturnPorts } from "./ports.js";
import {
  type FlowRecord,
  isOver,
  readLast,
  readRecord,
  removeRecord,
  settleRecord,
  storeConfirmation,
  sweepRecords,
  writeLast,
} from "./records/records.js";
import { removeRedirectParams } from "./back/removeRedirectParams.js";
import { sameOriginPath } from "./addresses/returnTo.js";
import { type ConnectTokenRequest, requestConnectToken } from "./out/requestConnectToken.js";
import { createState } from "./records/state.js";
import {
  rejected,
  type RejectedRedirect,
  type UnverifiedRedirect,
  type VerifiedRedirect,
  verifyRedirect,
} from "./back/verifyRedirect.js";

const TOKEN_TIMEOUT_MS = 15_000;

/** A flow whose token was fetched ahead of the click. Nothing of it is stored yet. */
export interface Prefetched {
  request: ConnectTokenRequest;
  /** Where it will lead. */
  url: Promise<string>;
  start: AbortController;
}

/** Fetches the token of a flow that may begin soon. */
export function prefetchHostedPage(ports: LeavePorts, options: ConnectOptions): Prefetched {
  const start = new AbortController();
  const request = createRequest(ports, options);
  return { request, url: findHostedPage(ports, options, request, start), start };
}

/** Sends the member to Benji. Never rejects; a failed start leaves nothing behind. */
export async function leaveForBenji(
  ports: LeavePorts,
  options: ConnectOptions,
  start: AbortController,
  prefetched?: Prefetched,
): Promise<ConnectOutcome> {
  let state = "";
  try {
    const request = prefetched?.request ?? createRequest(ports, options);
    // Stored before the token is fetched: a full or denied store must fail before the member waits.
    openFlow(ports, options, request);
    state = request.state;
    const url = await (prefetched?.url ?? findHostedPage(ports, options, request, start));
    // Called off while the token was on its way: whoever left must not be taken along.
    start.signal.throwIfAborted();
    navigate(ports, url);
    return { status: "redirecting" };
  } catch (error) {
    quietly(() => removeRecord(ports.storage(), state));
    return { status: "failed", error: error as BenjiConnectError };
  }
}

const createRequest = (ports: LeavePorts, { mode, amount }: ConnectOptions) => ({
  state: createState((length) => ports.randomBytes(length)),
  ...(mode !== undefined && { mode: parseMode(mode) }),
  ...(amount !== undefined && { amount: parseAmount(amount) }),
});

async function findHostedPage(
  ports: LeavePorts,
  options: ConnectOptions,
  request: ConnectTokenRequest,
  start: AbortController,
): Promise<string> {
  const { fetchConnectToken, userExternalId, preview } = options;
  const timeoutMs = options.tokenTimeoutMs ?? TOKEN_TIMEOUT_MS;
  const answer = fetchConnectToken
    ? await requestConnectToken(fetchConnectToken, request, start, timeoutMs)
    : undefined;
  return buildHostedConnectUrl(
    answer?.connectUrl ?? "",
    { ...request, connectToken: answer?.token, userExternalId, preview },
    { ...options, pageUrl: ports.currentUrl() },
  );
}

function navigate(ports: LeavePorts, url: string): void {
  try {
    ports.navigate(url);
  } catch (cause) {
    throw new BenjiConnectError("navigation_blocked", "", { cause });
  }
}

/** What the present address turned out to be. */
export interface Landing<A = unknown> {
  result: { status: "none" } | VerifiedRedirect<A> | UnverifiedRedirect | RejectedRedirect;
  /** What is said of the flow, where that is believed: by the address, or by its stored outcome. */
  claim?: ReadableClaim;
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
  return claim ? judgeClaim(ports, options, claim) : recallReturn(ports, options, isFirst);
}

/** Holds a claim against the record of its flow. */
export function judgeClaim(
  ports: ReturnPorts,
  options: ReturnOptions,
  claim: RedirectClaim,
  isFresh = true,
): Landing {
  let record: FlowRecord | undefined;
  try {
    if ("state" in claim) record = readRecord(ports.storage(), claim.state);
  } catch {
    return { isFresh, result: rejected("storage_unavailable") };
  }
  const circumstances = { ...options, now: ports.now(), pageUrl: ports.currentUrl() };
  const result = verifyRedirect(claim, record, circumstances);
  if (claim.status === "unreadable" || result.status === "rejected") return { isFresh, result };
  return { isFresh, result, claim, confirmation: record?.confirmation };
}

/** After the address was cleaned: a reload, or Back to the entry, finds the flow that ended here. */
export function recallReturn(
  ports: ReturnPorts,
  options: ReturnOptions,
  isFirst: boolean,
): Landing {
  try {
    const page = new URL(ports.currentUrl());
    const storage = ports.storage();
    const wasRestored = isFirst && ports.restoredPath() === page.pathname;
    const state =
      readPointer(ports.historyState()) ?? (wasRestored && readLast(storage, page.pathname));
    const record = state && isCallback(page, options) ? readRecord(storage, state) : undefined;
    if (record?.outcome && !isOver(record, ports.now()))
      return judgeClaim(ports, options, record.outcome.claim, false);
  } catch {
    // Nothing to be found.
  }
  return { isFresh: false, result: { status: "none" } };
}

/** Marks the flow as used, now that everything has been checked. A failed write changes no result. */
export function settleReturn(ports: ReturnPorts, { claim, isFresh }: Landing): void {
  const { state } = claim ?? {};
  if (!isFresh || !claim || !state) return;
  quietly(() => {
    const storage = ports.storage();
    settleRecord(storage, state, claim, ports.now());
    writeLast(storage, new URL(ports.currentUrl()).pathname, state);
    sweepRecords(storage, ports.now());
  });
}

/** Takes Benji's parameters out of the address bar; the entry remembers which flow ended on it. */
export function cleanAddress(ports: ReturnPorts, { isFresh, claim }: Landing): void {
  if (!isFresh) return;
  quietly(() => {
    const historyState = withPointer(ports.historyState(), claim?.state ?? "");
    ports.replaceUrl(removeRedirectParams(ports.currentUrl()), historyState);
  });
}

/**
 * Has a router take over the address that a fresh return was cleaned out of: by its own `replaceUrl`,
 * whose entry is marked again, or by a `replaceState` that Next.js hears. Next.js listens only after
 * the first effects, so this waits.
 */
export async function tellRouter(
  ports: ReturnPorts,
  { claim }: Landing,
  replaceUrl?: (path: string) => unknown,
): Promise<void> {
  // Asked for twice: a router may have written the address that it was loaded with once more.
  const cleanUrl = () => removeRedirectParams(ports.currentUrl());
  const url = cleanUrl();
  await replaceUrl?.(sameOriginPath(url, url) ?? "/");
  const historyState = ports.historyState();
  const hasGoneOn = cleanUrl() !== url;
  if (hasGoneOn || !(replaceUrl || isNextEntry(historyState))) return;
  quietly(() =>
    ports.replaceUrl(url, withPointer(withoutNextMark(historyState), claim?.state ?? "")),
  );
}

/**
 * Asks the partner's server whether a believed success counts, and remembers its answer.
 *
 * @throws BenjiConnectError `confirm_failed`
 */
export async function confirmReturn<C>(
  ports: ReturnPorts,
  claim: ReadableClaim,
  confirm: ConfirmRedirect<C>,
  signal: AbortSignal,
): Promise<false | C> {
  const answer = await askForConfirmation(confirm, claim, signal);
  const { state } = claim;
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
