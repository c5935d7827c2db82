/// <reference types="vite/client" />
import { StrictMode, useLayoutEffect, useRef } from "react";
import { createRoot } from "react-dom/client";
import {
  BenjiConnectButton,
  type ConfirmRedirect,
  type FetchConnectToken,
  useBenjiConnect,
  useBenjiRedirectResult,
} from "react-benji-connect";
import type { ProbeOptions } from "./options.js";

const text = document.querySelector<HTMLMetaElement>("meta[name=probe]")!.content;
const {
  confirm,
  waitMs,
  acceptsLinks,
  path,
  readers = 1,
  pressEarly,
  prefetch,
  ...shared
} = JSON.parse(text) as ProbeOptions;
const { userKey, storage } = shared;

const postJson = (url: string, body: unknown, signal: AbortSignal) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });

const fetchConnectToken: FetchConnectToken = (request, { signal }) =>
  postJson("/api/benji/connect-token", request, signal);

const askServer: ConfirmRedirect<unknown> = async (claim, { signal }) => {
  const response = await postJson("/api/probe/confirm", claim, signal);
  return (await response.json()) as unknown;
};

function Start() {
  const { unfinished, buttonProps, ...state } = useBenjiConnect({ ...shared, fetchConnectToken });
  const button = useRef<HTMLButtonElement>(null);
  const wasPressed = useRef(false);
  useLayoutEffect(() => {
    if (pressEarly && !wasPressed.current) button.current?.click();
    wasPressed.current = true;
  }, []);
  return (
    <main>
      <button {...buttonProps} ref={button}>
        Start
      </button>
      {prefetch && (
        <BenjiConnectButton {...shared} fetchConnectToken={fetchConnectToken} prefetch={prefetch}>
          Ready
        </BenjiConnectButton>
      )}
      <output id="error">{state.status === "failed" && state.error.code}</output>
      <output id="unfinished">{unfinished && JSON.stringify(unfinished)}</output>
    </main>
  );
}

function Reader() {
  const result = useBenjiRedirectResult({
    ...(userKey !== undefined && { userKey }),
    ...(storage && { storage }),
    ...(path && { path }),
    ...(confirm && { confirm: confirm === true ? askServer : confirm }),
    ...(waitMs && { waitMs }),
    ...(acceptsLinks && { dangerouslyAcceptReturnsWithoutState: true }),
  } as { confirm: typeof askServer });
  return (
    <section>
      <output data-result={result.status}>{JSON.stringify(result)}</output>
      {result.status === "unconfirmed" && (
        <button type="button" onClick={result.retry}>
          Ask again
        </button>
      )}
    </section>
  );
}

const Callback = () => Array.from({ length: readers }, (_, index) => <Reader key={index} />);

const Page = window.location.pathname.startsWith("/probe/start") ? Start : Callback;

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
