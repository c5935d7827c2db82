// An app of Preact: run.mjs compiles it with Preact's types in place of React's.
import type { ReactElement } from "react";
import {
  BenjiConnectButton,
  BenjiConnectProvider,
  useBenjiConnect,
  useBenjiRedirectResult,
} from "react-benji-connect";

export const Buttons = (): ReactElement => (
  <BenjiConnectProvider messages={{ connect: "Verbinden", transfer: undefined }}>
    <BenjiConnectButton
      className="wide"
      mode="transfer"
      onClick={(event) => event.currentTarget.blur()}
      onError={({ code }) => console.log(code)}
    >
      {(status) => (status === "connecting" ? "One moment" : "Transfer")}
    </BenjiConnectButton>
  </BenjiConnectProvider>
);

export function OwnButton(): ReactElement {
  const benji = useBenjiConnect({ mode: "connect" });
  const result = useBenjiRedirectResult<{ cart: number }>();
  if (result.status === "success") return <p>{result.appState?.cart}</p>;
  return <button {...benji.buttonProps}>{benji.status}</button>;
}
