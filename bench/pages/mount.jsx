// Mounts a thousand buttons of one kind after the other, in one page.
import { useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { BenjiConnectButton, useBenjiConnect } from "react-benji-connect";
import { Auth0Provider, useAuth0 } from "@auth0/auth0-react";
import { QuilttButton } from "@quiltt/react";
import { GoogleOAuthProvider, useGoogleLogin } from "@react-oauth/google";
import { AuthKitProvider, useAuth as useAuthKit } from "@workos-inc/authkit-react";
import { AuthProvider, useAuth as useOidc } from "react-oidc-context";
import { PlaidLink } from "react-plaid-link";
import { HandButton } from "./byHand.jsx";

const COUNT = 1_000;
const nothing = () => {};
const token = () => fetch("/api/benji/connect-token", { method: "POST" });

function Bare({ tick }) {
  const [status, setStatus] = useState("idle");
  return (
    <button type="button" data-status={status} onClick={() => setStatus("connecting")}>
      {tick}
    </button>
  );
}

function OwnButton({ tick }) {
  const { buttonProps } = useBenjiConnect({ mode: "transfer", fetchConnectToken: token });
  return <button {...buttonProps}>{tick}</button>;
}

function Google({ tick }) {
  const login = useGoogleLogin({ onSuccess: nothing });
  return <button onClick={() => login()}>{tick}</button>;
}

function AuthKit({ tick }) {
  const { signIn } = useAuthKit();
  return <button onClick={() => signIn()}>{tick}</button>;
}

function Oidc({ tick }) {
  const { signinRedirect } = useOidc();
  return <button onClick={() => signinRedirect()}>{tick}</button>;
}

function Auth0({ tick }) {
  const { loginWithRedirect } = useAuth0();
  return <button onClick={() => loginWithRedirect()}>{tick}</button>;
}

/** Each lane: a button, and the provider around all of them, if it needs one. */
const LANES = {
  plain: [({ tick }) => <button type="button">{tick}</button>],
  bare: [Bare],
  byHand: [({ tick }) => <HandButton mode="transfer">{tick}</HandButton>],
  ours: [
    ({ tick }) => (
      <BenjiConnectButton mode="transfer" returnTo="/checkout" fetchConnectToken={token}>
        {tick}
      </BenjiConnectButton>
    ),
  ],
  oursHook: [OwnButton],
  google: [
    Google,
    ({ children }) => <GoogleOAuthProvider clientId="bench">{children}</GoogleOAuthProvider>,
  ],
  plaid: [
    ({ tick }) => (
      <PlaidLink token="link-sandbox-bench" onSuccess={nothing}>
        {tick}
      </PlaidLink>
    ),
  ],
  authKit: [
    AuthKit,
    ({ children }) => <AuthKitProvider clientId="client_bench">{children}</AuthKitProvider>,
  ],
  quiltt: [({ tick }) => <QuilttButton connectorId="bench">{tick}</QuilttButton>],
  oidc: [
    Oidc,
    ({ children }) => (
      <AuthProvider authority="https://idp.example" client_id="bench" redirect_uri={location.href}>
        {children}
      </AuthProvider>
    ),
  ],
  auth0: [
    Auth0,
    ({ children }) => (
      <Auth0Provider domain="idp.example" clientId="bench">
        {children}
      </Auth0Provider>
    ),
  ],
};

const Nobody = ({ children }) => children;

function Page({ lane, tick }) {
  const [Button, Above = Nobody] = LANES[lane];
  return (
    <Above>
      {Array.from({ length: COUNT }, (_, n) => (
        <Button key={n} tick={tick} />
      ))}
    </Above>
  );
}

const timed = (work) => {
  globalThis.gc?.(); // no lane pays for another's garbage
  const began = performance.now();
  flushSync(work);
  return performance.now() - began;
};

const breathe = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Returns ms of one mount, re-render with another text, and unmount; effects included. */
async function measure(lane) {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const mount = timed(() => root.render(<Page lane={lane} tick="one" />));
  if (place.querySelectorAll("button").length !== COUNT) throw new Error(`${lane}: no buttons.`);
  await breathe(); // providers settle
  const rerender = timed(() => root.render(<Page lane={lane} tick="two" />));
  const unmount = timed(() => root.unmount());
  place.remove();
  await breathe();
  return { mount, rerender, unmount };
}

globalThis.bench = { measure };
