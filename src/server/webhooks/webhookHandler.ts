import { WEBHOOK } from "../../contract.js";
import { invalidRequest } from "../client/apiError.js";
import { type BenjiClient, type CallOptions, createBenjiClient } from "../client/benjiClient.js";
import type { BenjiApiOptions } from "../client/callBenji.js";
import type { BenjiTransaction, BenjiUser } from "../client/readEntities.js";
import { checkKinds, checkMethods, got, ownOptions } from "../options.js";
import { inTime } from "../deadline.js";
import { isJsonObject } from "../jsonObject.js";
import { report } from "../report.js";
import { webhookKey } from "../stores/storeKeys.js";
import { createMemoryStore } from "../stores/memoryStore.js";
import type { BenjiStore } from "../stores/store.js";
import {
  type BenjiCampaignEvent,
  type BenjiTransactionEvent,
  type BenjiUserEvent,
  type BenjiWebhook,
  parseWebhookOptions,
  proveWebhook,
  type ProvenWebhook,
  readEvent,
  type VerifyWebhookOptions,
} from "./verifyWebhook.js";
import { BenjiWebhookError, invalidOptions } from "./webhookError.js";

/** Events about a user carry this function, which asks Benji for that user. */
export interface FetchesUser {
  fetchUser: (options?: CallOptions) => Promise<BenjiUser>;
}

/** Events about a transaction carry this function, which asks Benji for the current state. */
export interface FetchesTransaction {
  fetchTransaction: (options?: CallOptions) => Promise<BenjiTransaction>;
}

/**
 * Your functions, by today's name of the event; an event with an older name calls the same function.
 */
export type BenjiWebhookFunctions = {
  [Name in BenjiUserEvent]?: ((event: BenjiWebhook<Name> & FetchesUser) => unknown) | undefined;
} & {
  [Name in BenjiTransactionEvent]?:
    | ((event: BenjiWebhook<Name> & FetchesTransaction) => unknown)
    | undefined;
} & {
  [Name in BenjiCampaignEvent]?: ((event: BenjiWebhook<Name>) => unknown) | undefined;
};

/** Options of {@link createWebhookHandler}. */
export interface WebhookHandlerOptions
  extends Omit<VerifyWebhookOptions, "seen">,
    Omit<BenjiApiOptions, "apiKey" | "baseUrl"> {
  /** As in {@link BenjiApiOptions}. Not needed with `client`. */
  apiKey?: string | undefined;
  /** As in {@link BenjiApiOptions}. Not needed with `client`. */
  baseUrl?: string | undefined;
  /**
   * Your function for each event. Required. If it throws or rejects, the event counts as not handled.
   */
  on: BenjiWebhookFunctions;
  /**
   * Called for every event without a function in `on`. By default the route answers 204 for it and does
   * nothing.
   */
  onUnknown?:
    | ((event: BenjiWebhook<string> & FetchesUser & FetchesTransaction) => unknown)
    | undefined;
  /**
   * Called with every error, not for 405 and `under_way`. The library's errors contain no salt,
   * signature or body. Without this option they go to `console.warn`, only where `NODE_ENV` is
   * `development`.
   */
  onError?: ((error: unknown) => void | Promise<void>) | undefined;
  /** The client of `fetchUser` and `fetchTransaction`. Or give `apiKey` and `baseUrl`. */
  client?: Pick<BenjiClient, "getUser" | "getTransaction"> | undefined;
  /**
   * Stores which webhooks were handled. Default: the memory of this process. Several servers must share
   * one.
   */
  store?: BenjiStore | undefined;
}

type AnyFunction = (event: BenjiWebhook<string> & FetchesUser & FetchesTransaction) => unknown;

/** How long a server that crashed may keep others from handling the same webhook. */
const LEASE_MS = 60_000;
/** How long a handled webhook is stored where `toleranceMs` is `Infinity`. */
const MONTH_MS = 30 * 24 * 60 * 60 * 1_000;
const UNDER_WAY = "under way";
const HANDLED = "handled";

/**
 * Creates the route that receives Benji's webhooks: `Request` in, `Response` out, on any runtime with
 * WebCrypto.
 *
 * The route verifies as {@link verifyWebhook} does, drops repeats (the same signature and timestamp),
 * and calls your function for the event. It answers 204 where the webhook was handled now or before;
 * 4xx where the verification fails; 5xx where your function failed, or is still running on another
 * server. Only a success of your function marks the webhook as handled: after a failure, a resend calls
 * it again. Two equal webhooks at once call it once.
 *
 * Benji does not document whether and how it sends again. A resend with a new timestamp is a new
 * webhook here, so make your function idempotent.
 *
 * @throws BenjiWebhookError `invalid_request`, at construction, for options that cannot work
 * @throws BenjiApiError `invalid_request`, at construction, for an `apiKey` or `baseUrl` that cannot work
 * @see docs/webhooks.md
 * @example
 * ```ts
 * import { BENJI_STAGING_URL, createWebhookHandler } from "react-benji-connect/server";
 *
 * declare function book(transactionId: string | undefined, points: number): Promise<void>;
 *
 * export const POST = createWebhookHandler({
 *   salt: process.env["BENJI_WEBHOOK_SALT"] ?? "",
 *   apiKey: process.env["BENJI_API_KEY"] ?? "",
 *   baseUrl: BENJI_STAGING_URL,
 *   on: {
 *     transaction_status_updated: async ({ entityId, fetchTransaction }) => {
 *       const { status, rewardAmount = 0 } = await fetchTransaction();
 *       if (status === "completed") await book(entityId, rewardAmount);
 *     },
 *   },
 *   onError: (error) => console.error("Benji's webhook:", error),
 * });
 * ```
 */
export function createWebhookHandler(
  given: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  const options = ownOptions(given, "the options", invalidOptions);
  const checks = parseWebhookOptions({ ...options, seen: undefined });
  const functions = parseFunctions(options);
  const { client = clientFrom(options), store = createMemoryStore({ now: checks.now }) } = options;
  if (client) checkMethods(client, "client", ["getUser", "getTransaction"], invalidOptions);
  checkMethods(store, "store", ["putIfAbsent", "get", "put", "delete"], invalidOptions);
  const once = createOnce(
    store,
    checks.toleranceMs === Infinity ? MONTH_MS : 2 * checks.toleranceMs + LEASE_MS,
    (error) => report(error, options.onError),
  );

  return async (request) => {
    if (request.method !== "POST") {
      return Response.json(
        { error: "method_not_allowed" },
        { status: 405, headers: { allow: "POST" } },
      );
    }
    try {
      const proven = await proveWebhook(request, checks);
      const outcome = await once(proven, () => callPartner(proven, functions, client));
      return outcome === HANDLED
        ? new Response(null, { status: 204 })
        : Response.json({ error: "under_way" }, { status: 503, headers: { "retry-after": "60" } });
    } catch (error) {
      void report(error, options.onError);
      return error instanceof BenjiWebhookError
        ? Response.json({ error: error.code }, { status: error.httpStatus })
        : Response.json({ error: "internal_error" }, { status: 500 });
    }
  };
}

async function callPartner(
  { bytes }: ProvenWebhook,
  { on, onUnknown }: { on: Map<string, AnyFunction>; onUnknown: AnyFunction | undefined },
  client: Pick<BenjiClient, "getUser" | "getTransaction"> | undefined,
): Promise<void> {
  const said = readEvent(bytes);
  const event = todaysName(said.event);
  const entityId = said.entityId ?? "";
  await (on.get(event) ?? onUnknown)?.({
    ...said,
    event,
    fetchUser: async (how) => requireClient(client).getUser(entityId, how),
    fetchTransaction: async (how) => requireClient(client).getTransaction(entityId, how),
  });
}

const todaysName = (event: string): string =>
  new Map<string, string>(Object.entries(WEBHOOK.olderEvents)).get(event) ?? event;

function requireClient<Client>(client: Client | undefined): Client {
  if (client) return client;
  throw invalidRequest(
    "Expected apiKey and baseUrl, or client, in createWebhookHandler's options.",
  );
}

const clientFrom = ({ apiKey, baseUrl, ...rest }: WebhookHandlerOptions) =>
  apiKey === undefined && baseUrl === undefined
    ? undefined
    : createBenjiClient({ ...rest, apiKey: apiKey ?? "", baseUrl: baseUrl ?? "" });

/** @throws BenjiWebhookError `invalid_request` */
function parseFunctions(options: WebhookHandlerOptions) {
  const { on, onUnknown } = options;
  if (!isJsonObject(on)) {
    throw invalidOptions(`Expected on as an object with a function for each event; ${got(on)}.`);
  }
  checkKinds(options, { onUnknown: "function", onError: "function" }, invalidOptions);
  const given = Object.entries(on).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!EVENTS.includes(name))
      throw invalidOptions(`${didYouMean(name)} Other events go to onUnknown.`);
    if (typeof value !== "function")
      throw invalidOptions(`Expected on.${name} as a function; ${got(value)}.`);
  }
  return { on: new Map(given as [string, AnyFunction][]), onUnknown };
}

const EVENTS: readonly string[] = [
  ...WEBHOOK.userEvents,
  ...WEBHOOK.transactionEvents,
  ...WEBHOOK.campaignEvents,
];

const didYouMean = (name: string) =>
  todaysName(name) === name
    ? `Expected on with documented events only; "${name}" is none.`
    : `Expected on.${todaysName(name)}, today's name, which handles the older "${name}" too.`;

/**
 * Runs `work` once per webhook: equal webhooks at the same time share one run, and the store prevents
 * later runs and runs on other servers. Only a success counts as handled.
 */
function createOnce(
  store: BenjiStore,
  lifetimeMs: number,
  onStoreError: (error: unknown) => Promise<void>,
) {
  const underWay = new Map<string, Promise<typeof HANDLED | typeof UNDER_WAY>>();

  async function run(key: string, work: () => Promise<void>) {
    const before = await inTime(store.putIfAbsent(key, UNDER_WAY, LEASE_MS), "store.putIfAbsent");
    if (before === HANDLED) return HANDLED;
    // Another server is handling this webhook, and may fail. So this is no success: the sender must
    // send again.
    if (before !== null && before !== undefined) return UNDER_WAY;
    // After the timeout `work` goes on and may still succeed. Its entry in the store prevents another
    // run until `work` fails or the lease ends.
    await inTime(finish(key, work), "the function for this webhook (or the store)");
    return HANDLED;
  }

  async function finish(key: string, work: () => Promise<void>) {
    try {
      await work();
    } catch (error) {
      // If the deletion fails as well, the entry expires at the end of its lease.
      await attempt(() => store.delete(key));
      throw error;
    }
    await attempt(() => store.put(key, HANDLED, lifetimeMs));
  }

  async function attempt(storing: () => unknown) {
    try {
      await storing();
    } catch (error) {
      void onStoreError(error);
    }
  }

  return ({ signature, timestamp }: ProvenWebhook, work: () => Promise<void>) => {
    const key = webhookKey(signature, timestamp);
    const running = underWay.get(key) ?? run(key, work).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
}
