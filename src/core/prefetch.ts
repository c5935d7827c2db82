import { type Prefetched, prefetchHostedPage } from "./connectFlow.js";
import type { ConnectOptions } from "./options.js";
import type { LeavePorts } from "./ports.js";

/** One flow prepared ahead of the click. State and token live in this closure and nowhere else. */
export interface Prefetcher {
  /** Prepares a flow, unless one is waiting already. Never throws. */
  prefetch: (ports: LeavePorts, options: ConnectOptions) => void;
  /** Gives the prepared flow away, once; `undefined` where there is none for these options. */
  take: (ports: LeavePorts, options: ConnectOptions) => Prefetched | undefined;
  /** Forgets it, calling off a request that is still under way. */
  drop: () => void;
}

const MAX_AGE_MS = 30_000;

export function createPrefetcher(): Prefetcher {
  let held: { flow: Prefetched; target: string; since: number; forget(): void } | undefined;

  const drop = () => {
    held?.flow.stop();
    held?.forget();
    held = undefined;
  };

  const isUsable = (ports: LeavePorts, options: ConnectOptions) =>
    held?.target === targetOf(options) && Math.abs(ports.now() - held.since) <= MAX_AGE_MS;

  const hold = (ports: LeavePorts, options: ConnectOptions) => {
    const flow = prefetchHostedPage(ports, options);
    const forget = ports.onPageHide(drop);
    const mine = { flow, target: targetOf(options), since: ports.now(), forget };
    held = mine;
    flow.url.then(
      (url) => ports.preconnect(new URL(url).origin),
      () => held === mine && drop(), // the click asks again, and shows what is wrong
    );
  };

  return {
    prefetch: (ports, options) => {
      if (isUsable(ports, options)) return;
      drop();
      try {
        hold(ports, options);
      } catch {
        // The click says what is wrong.
      }
    },
    take: (ports, options) => {
      if (!isUsable(ports, options)) return void drop();
      const flow = held?.flow;
      held?.forget();
      held = undefined;
      return flow;
    },
    drop,
  };
}

// A fetcher written inline is another function on every render, so it is no part of this.
const targetOf = ({
  mode,
  amount,
  userKey,
  userExternalId,
  hostedConnectUrl,
  preview,
}: ConnectOptions) =>
  JSON.stringify([mode, amount, userKey, userExternalId, hostedConnectUrl, preview]);
