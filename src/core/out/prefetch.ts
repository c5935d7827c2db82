import { explainPrefetch } from "../explain/explain.js";
import { type Prefetched, prefetchHostedPage } from "../journey.js";
import type { ConnectOptions } from "../options.js";
import type { LeavePorts } from "../ports.js";
import { refuseAsyncStorage, sweepRecords } from "../records/records.js";

/** Prepares one flow ahead of the click. Keeps its state and token in memory only. */
export interface Prefetcher {
  /** Prepares a flow, unless one is prepared for these options. Never throws. */
  prefetch: (ports: LeavePorts, options: ConnectOptions) => void;
  /** Returns the prepared flow, once; `undefined` if there is none for these options. */
  take: (ports: LeavePorts, options: ConnectOptions) => Prefetched | undefined;
  /** Forgets the prepared flow and aborts its token request. */
  drop: () => void;
}

interface Prepared extends Prefetched {
  target: string;
  since: number;
}

const MAX_AGE_MS = 30_000;

export function createPrefetcher(): Prefetcher {
  let held: Prepared | undefined;

  const drop = () => {
    held?.start.abort();
    held = undefined;
  };

  const take = (ports: LeavePorts, options: ConnectOptions) => {
    const isMeant = held?.target === targetOf(options);
    if (!held || !isMeant || Math.abs(ports.now() - held.since) > MAX_AGE_MS) drop();
    const taken = held;
    held = undefined;
    return taken;
  };

  const prepare = (ports: LeavePorts, options: ConnectOptions) => {
    // Uses the storage now: the first access is slow, and a denied storage must prevent the request.
    const storage = ports.storage();
    refuseAsyncStorage(storage);
    sweepRecords(storage, ports.now());
    const ahead = prefetchHostedPage(ports, options);
    const prepared = { ...ahead, target: targetOf(options), since: ports.now() };
    ports.onPageHide(drop, ahead.start.signal);
    ahead.url.then(
      (url) => ports.preconnect(new URL(url).origin),
      () => held === prepared && drop(), // The click requests a new token and reports the error.
    );
    return prepared;
  };

  return {
    prefetch: (ports, options) => {
      explainPrefetch(options);
      try {
        held = take(ports, options) ?? prepare(ports, options);
      } catch {
        // The click reports the error.
      }
    },
    take,
    drop,
  };
}

// Leaves out `fetchConnectToken`: an inline function is a new one on every render.
const targetOf = ({
  mode,
  amount,
  userKey,
  userExternalId,
  hostedConnectUrl,
  preview,
}: ConnectOptions) =>
  JSON.stringify([mode, amount, userKey, userExternalId, hostedConnectUrl, preview].map(String));
