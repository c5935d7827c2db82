import { type ConnectFlowOptions, createConnectFlow } from "../src/core/index.js";

// What happened before a callback page opened: a flow was started, and somebody came back.

export const UUID = "7d444840-9dc0-11d1-b245-5ffdce74fad2";

const HOSTED = "https://connect.withbenji.com/49";

/** Starts a flow of this browser's, without leaving, and tells its state. */
export async function startFlow(options: ConnectFlowOptions = {}): Promise<string> {
  let hosted = "";
  const flow = createConnectFlow({
    hostedConnectUrl: HOSTED,
    navigate: (url) => void (hosted = url),
    onStillHere: () => () => {},
    ...options,
  });
  await flow.connect();
  return new URL(hosted).searchParams.get("state") ?? "";
}

export type Answer = Record<string, string> | [string, string][];

/** This very page with Benji's parameters merged into its query, as Benji merges them. */
function addressWith(answer: Answer): string {
  const url = new URL(window.location.href);
  for (const [name, value] of new URLSearchParams(answer)) url.searchParams.append(name, value);
  return url.href;
}

/** Comes back to this very frame. Hand what it gives to `beforeEach`: it tidies the address. */
export function comeBack(answer: Answer): () => void {
  const before = window.location.href;
  window.history.replaceState(null, "", addressWith(answer));
  return () => window.history.replaceState(null, "", before);
}

/** A return that was read and settled before this page opened. */
export function settle(answer: Answer): void {
  createConnectFlow({
    currentUrl: () => addressWith(answer),
    replaceUrl: () => {},
  }).handleRedirect();
}

/** Forgets every flow. */
export function forgetFlows(): void {
  for (const storage of [sessionStorage, localStorage])
    for (const key of Object.keys(storage))
      if (key.startsWith("benji-connect:")) storage.removeItem(key);
}
