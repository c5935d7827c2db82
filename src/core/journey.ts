/**
 * All steps of a flow (one way of a member to Benji and back), in order. `connector.ts` decides when
 * the steps out run, `returnReader.ts` when the steps back run. To settle a return is to mark its
 * flow as used. After the browser's Back button, `findReturn` finds a settled return again.
 *
 *   out:   openFlow → requestConnectToken → buildHostedConnectUrl → navigate
 *   back:  findReturn (parseRedirect) → judgeReturn (verifyRedirect) → settleReturn → cleanAddress
 *          → notifyRouter → confirmReturn
 */
import { BenjiConnectError } from "../errors.js";
import { asFunction, type RouteOptions } from "./askRoute.js";
import {
  askForConfirmation,
  type Confirmation,
  type ConfirmRedirect,
} from "./back/askForConfirmation.js";
import { reportThrown } from "./callPartner.js";
import { buildHostedConnectUrl, parseAmount } from "./out/buildHostedConnectUrl.js";
import { readPointer, withoutNextMark, withPointer } from "./back/historyPointer.js";
import { parseMode } from "./mode.js";
import { checkedOptions, READER_TYPES, START_TYPES } from "./checkOptions.js";
import { openFlow } from "./out/openFlow.js";
import {
  type ConnectOptions,
  type ConnectOutcome,
  isUserLoading,
  type ReturnOptions,
} from "./options.js";
import {
  isSameClaim,
  parseRedirect,
  type ReadableClaim,
  readLink,
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
import { createStart, type Start } from "./out/abortableStart.js";
import { removeRedirectParams } from "./back/removeRedirectParams.js";
import { sameOriginPath } from "./addresses/returnTo.js";
import type { ConnectTokenRequest } from "./out/connectTokenTypes.js";
import { requestConnectToken } from "./out/requestConnectToken.js";
import { quietly } from "./quietly.js";
import { createState } from "./records/state.js";
import {
  type Circumstances,
  rejected,
  type RejectedRedirect,
  type UnverifiedRedirect,
  type VerifiedRedirect,
  verifyRedirect,
} from "./back/verifyRedirect.js";

const TOKEN_TIMEOUT_MS = 15_000;

/** A flow whose token is fetched ahead of the click. It has no record yet. */
export interface Prefetched {
  request: ConnectTokenRequest;
  /** The address of Benji's page. */
  url: Promise<string>;
  start: Start;
}

/** Fetches the token of a flow that may begin soon. */
export function prefetchHostedPage(ports: LeavePorts, given: ConnectOptions): Prefetched {
  const start = createStart();
  const options = checkedOptions(given, START_TYPES);
  const request = createRequest(ports, options);
  // Tells the server that this flow may never begin: the server must not end an open flow for it.
  const ahead = { ...request, prefetch: true } as const;
  return { request, url: findHostedPage(ports, options, ahead, start), start };
}

/** Sends the member to Benji. Never rejects; a failed start removes its record. */
export async function leaveForBenji(
  ports: LeavePorts,
  given: ConnectOptions,
  start: Start,
  prefetched?: Prefetched,
): Promise<ConnectOutcome> {
  let state = "";
  try {
    const options = checkedOptions(given, START_TYPES);
    const request = prefetched?.request ?? createRequest(ports, options);
    // Stores the record before it fetches the token: a full or denied storage must fail at once.
    openFlow(ports, options, request);
    state = request.state;
    const url = await (prefetched?.url ?? findHostedPage(ports, options, request, start));
    // Aborted while fetching the token: do not navigate.
    if (start.reason) throw start.reason;
    navigate(ports, url);
    return { status: "redirecting" };
  } catch (thrown) {
    quietly(() => removeRecord(ports.storage(), state));
    return { status: "failed", error: asBenjiError(thrown) };
  }
}

/** Any other exception means that an option has a wrong type, or that the browser lacks a function. */
const asBenjiError = (thrown: unknown): BenjiConnectError =>
  thrown instanceof BenjiConnectError
    ? thrown
    : new BenjiConnectError("invalid_request", "an option of a wrong type", { cause: thrown });

const createRequest = (ports: LeavePorts, { mode, amount }: ConnectOptions) => ({
  state: createState((length) => ports.randomBytes(length)),
  ...(mode !== undefined && { mode: parseMode(mode) }),
  ...(amount !== undefined && { amount: parseAmount(amount) }),
});

async function findHostedPage(
  ports: LeavePorts,
  options: ConnectOptions,
  request: ConnectTokenRequest,
  start: Start,
): Promise<string> {
  const { userExternalId, preview } = options;
  const timeoutMs = options.tokenTimeoutMs ?? TOKEN_TIMEOUT_MS;
  const fetcher = asFunction(ports, options.fetchConnectToken, options);
  const answer = fetcher && (await requestConnectToken(fetcher, request, start, timeoutMs));
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

export interface FoundReturn {
  claim: RedirectClaim;
  /**
   * Empty if the address contains the return. Otherwise the state of the settled flow or, for a
   * return without a state, its claim as JSON (`linkOf`).
   */
  state: string;
}

/** The result of a return for one user. */
export interface Verdict<A = unknown> {
  result: VerifiedRedirect<A> | UnverifiedRedirect | RejectedRedirect;
  /** The return's claim, unless the return was rejected. */
  claim?: ReadableClaim;
  /** The stored answer of `confirm`. */
  confirmation?: unknown;
}

/**
 * Looks for a return, in this order:
 * - in the address;
 * - in `history.state`, which names the record of a flow or contains a claim (`readLink`);
 * - in the record of the flow that last ended on this path, if the page was reloaded or restored and
 *   has read no return yet.
 */
export function findReturn(
  ports: ReturnPorts,
  options: ReturnOptions,
  page: URL,
  isFirstLook: boolean,
): FoundReturn | undefined {
  const claim = parseRedirect(page, options);
  if (claim) return { claim, state: "" };
  return quietly(() => {
    const storage = ports.storage();
    const wasRestored = isFirstLook && ports.restoredPath() === page.pathname;
    const state =
      readPointer(ports.historyState()) ?? (wasRestored && readLast(storage, page.pathname));
    if (!state) return undefined;
    const record = readRecord(storage, state);
    if (record?.outcome && !isOver(record, ports.now()))
      return { claim: record.outcome.claim, state };
    const claim = readLink(state);
    return claim && { claim, state };
  });
}

/**
 * Compares a claim with the record of its flow. Writes nothing: a forged return must leave the real one
 * usable. Returns `undefined` if the record has a user key and the app's user may still be loading.
 */
export function judgeReturn(
  ports: ReturnPorts,
  options: ReturnOptions,
  claim: RedirectClaim,
): Verdict | undefined {
  let record: FlowRecord | undefined;
  let circumstances: Circumstances;
  try {
    const facts = { now: ports.now(), pageUrl: ports.currentUrl() };
    circumstances = checkedOptions({ ...options, ...facts }, READER_TYPES);
  } catch (wrong) {
    // The page passes a wrong option: the error is reported, and the return rejected.
    reportThrown(wrong);
    return { result: rejected("invalid_request") };
  }
  try {
    if ("state" in claim) record = readRecord(ports.storage(), claim.state);
  } catch {
    return { result: rejected("storage_unavailable") };
  }
  if (isUserLoading(options) && record?.userKey) return undefined;
  const result = verifyRedirect(claim, record, circumstances);
  if (claim.status === "unreadable" || result.status === "rejected") return { result };
  return { result, claim, confirmation: record?.confirmation };
}

/**
 * Settles a return: the record stores how its flow ended, so that the flow accepts no
 * different return. A failed write changes no result.
 */
export function settleReturn(
  ports: ReturnPorts,
  claim: ReadableClaim,
  state: string,
  url: string,
): void {
  if (!state) return;
  quietly(() => {
    const storage = ports.storage();
    settleRecord(storage, state, claim, ports.now());
    writeLast(storage, new URL(url).pathname, state);
    sweepRecords(storage, ports.now());
  });
}

/**
 * Removes Benji's parameters from the address bar, if it still contains this return, and stores the
 * `state` in `history.state`. Routers are not notified.
 */
export function cleanAddress(
  ports: ReturnPorts,
  claim: RedirectClaim,
  state: string,
): string | undefined {
  const url = ports.currentUrl();
  if (!carriesReturn(url, claim)) return undefined;
  const clean = removeRedirectParams(url);
  quietly(() => ports.writeEntry(clean, withPointer(ports.historyState(), state)));
  return clean;
}

const carriesReturn = (url: string, claim: RedirectClaim): boolean =>
  isSameClaim(parseRedirect(url, { dangerouslyAcceptReturnsWithoutState: true }), claim);

/**
 * Notifies a router of the cleaned address, through `replaceUrl` or through the router's own
 * `history.replaceState`. Then adds the `state` to `history.state` again. Routers listen only after the
 * first effects, so this is called later than `cleanAddress`.
 */
export async function notifyRouter(
  ports: ReturnPorts,
  url: string,
  state: string,
  replaceUrl?: (path: string) => unknown,
): Promise<void> {
  // Compares without Benji's parameters, because a router may have restored them.
  const hasLeft = () => removeRedirectParams(ports.currentUrl()) !== url;
  if (hasLeft()) return;
  await replaceUrl?.(sameOriginPath(url, url) ?? "/");
  if (hasLeft()) return;
  const historyState = withPointer(ports.historyState(), state);
  quietly(() =>
    replaceUrl
      ? ports.writeEntry(url, historyState)
      : ports.announceEntry(url, withoutNextMark(historyState)),
  );
}

/**
 * Asks the partner's server whether a success counts. Asks again while the answer is "not yet", and
 * stops when the signal is aborted. Stores a yes.
 *
 * @throws BenjiConnectError `confirm_failed`, `unauthenticated`, `confirm_pending` after `waitMs`
 */
export async function confirmReturn(
  ports: ReturnPorts,
  claim: ReadableClaim,
  options: ConfirmOptions,
  signal: AbortSignal,
): Promise<Exclude<Confirmation<unknown>, { status: "not_yet" }>> {
  const { confirm = "", waitMs = WAIT_MS } = options;
  const began = ports.now();
  const ask = asFunction(ports, confirm, options);
  for (let attempt = 1; ; attempt++) {
    const answer = await inTime(askForConfirmation(ask, claim, signal, attempt));
    if (answer.status !== "not_yet") {
      const { state } = claim;
      if (state && answer.status === "yes")
        quietly(() => storeConfirmation(ports.storage(), state, answer.confirmation));
      return answer;
    }
    const pauseMs = answer.retryAfterMs ?? Math.min(attempt, 5) * 1_000;
    if (signal.aborted || ports.now() - began + pauseMs > waitMs)
      throw new BenjiConnectError("confirm_pending", `${waitMs} ms`);
    // The wait never ends after an abort; on a hidden page it ends when the page is shown again.
    await new Promise<void>((resolve) => ports.later(resolve, pauseMs, signal));
  }
}

interface ConfirmOptions extends RouteOptions {
  confirm?: string | ConfirmRedirect<unknown> | undefined;
  waitMs?: number | undefined;
}

const WAIT_MS = 20_000;
const QUESTION_TIMEOUT_MS = 10_000;

function inTime<T>(question: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new BenjiConnectError("confirm_failed", `no answer within ${QUESTION_TIMEOUT_MS} ms`),
        ),
      QUESTION_TIMEOUT_MS,
    );
    question.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
