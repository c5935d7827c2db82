import { memoryNavigate, memoryStorage, startedFlow } from "react-benji-connect/testing";
import { type ConnectFlowOptions, createConnectFlow } from "../../src/core/createConnectFlow.js";
import type { ConnectTokenRequest } from "../../src/core/out/connectTokenTypes.js";
import type { FlowPorts } from "../../src/core/ports.js";
import type { RedirectStorage } from "../../src/core/records/records.js";

export const CONNECT_URL = "https://connect.withbenji.com/khkgfoud76td";
export const CALLBACK = "https://shop.example/benji/callback";

export const keysOf = (storage: RedirectStorage) =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");

export const itemsOf = (storage: RedirectStorage) =>
  keysOf(storage).map((key) => [key, storage.getItem(key)]);

/** A simulated tab: storage, clock, address bar and history entry, all readable by a test. */
export function createTab(storage = memoryStorage()) {
  let random = 0;
  const navigate = memoryNavigate();
  const tab = {
    storage,
    now: 1_700_000_000_000,
    url: "https://shop.example/cart",
    historyState: null as unknown,
    restoredPath: undefined as string | undefined,
    left: navigate.addresses,
    replaced: [] as string[],
    /** The addresses that listening routers were notified of. */
    announced: [] as [url: string, historyState: unknown][],
    stillHere: undefined as (() => void) | undefined,
    preconnected: [] as string[],
    /** Simulates that the page is left, or kept in the back/forward cache. */
    hide: () => {},
    isHidden: false,
    /** Simulates that a hidden page is shown again. */
    reveal: () => {},
  };
  const hiding = new Set<() => void>();
  const waiting = new Set<() => void>();
  const ports = {
    storage,
    now: () => tab.now,
    randomBytes: (length) => new Uint8Array(length).fill(++random),
    currentUrl: () => tab.url,
    postJson: () => Promise.reject(new Error("nothing is reached from here")),
    navigate,
    writeEntry: (url, historyState) => {
      tab.url = url;
      tab.historyState = historyState;
      tab.replaced.push(url);
    },
    announceEntry: (url, historyState) => void tab.announced.push([url, historyState]),
    isPrerendering: () => false,
    onEntryChange: () => () => {},
    historyState: () => tab.historyState,
    restoredPath: () => tab.restoredPath,
    onStillHere: (callback, signal) => {
      tab.stillHere = callback;
      signal.addEventListener("abort", () => (tab.stillHere = undefined));
    },
    onPageHide: (callback, signal) => {
      hiding.add(callback);
      signal.addEventListener("abort", () => hiding.delete(callback));
    },
    later: (callback, ms, signal) => {
      const timer = setTimeout(() => (tab.isHidden ? waiting.add(callback) : callback()), ms);
      signal.addEventListener("abort", () => clearTimeout(timer));
    },
    preconnect: (origin) => void tab.preconnected.push(origin),
  } satisfies ConnectFlowOptions;
  tab.reveal = () => {
    tab.isHidden = false;
    waiting.forEach((callback) => callback());
  };
  tab.hide = () => [...hiding].forEach((callback) => callback());
  const flow = (options: ConnectFlowOptions = {}) =>
    createConnectFlow({ fetchConnectToken: token, ...ports, ...options });
  return Object.assign(tab, {
    ports: { ...ports, storage: () => storage } satisfies FlowPorts,
    flow,
    /** Starts a flow and returns its state, as Benji would receive it. */
    start: (options: ConnectFlowOptions = {}) =>
      startedFlow({ fetchConnectToken: token, ...ports, ...options }),
    /** Opens an address in this tab as a new document. */
    open: (url: string, options: ConnectFlowOptions = {}) => {
      tab.url = url;
      tab.historyState = null;
      return flow(options).getResult();
    },
    /** Loads the current history entry as a new document. */
    reload: (options: ConnectFlowOptions = {}) => {
      tab.restoredPath = new URL(tab.url).pathname;
      return flow(options).getResult();
    },
  });
}

export const token = (_request: ConnectTokenRequest): unknown => ({
  token: "tok-secret",
  connect_url: CONNECT_URL,
});

/** The address Benji sends the member back to. */
export const returnUrl = (params: Record<string, string>, base = CALLBACK): string =>
  `${base}${base.includes("?") ? "&" : "?"}${new URLSearchParams(params)}`;

/** A tab whose flow has returned with these parameters, and the result that a later read of it gives. */
export async function openReturned(params: Record<string, string>) {
  const tab = createTab();
  const state = await tab.start();
  const first = tab.open(returnUrl({ ...params, state }));
  return { tab, state, replay: { ...first, replayed: true } };
}
