import { type BenjiConnectError, type BenjiConnectErrorCode } from "../../errors.js";
import { say, wasSaidOf } from "./logMistake.js";
import { isPage, pageUrl } from "../browser.js";

type Explained = [expected: string, came: string, todo: string];

/** The explanations of codes that need no detail of the error. */
const FAILURES: Partial<Record<BenjiConnectErrorCode, Explained>> = {
  storage_unavailable: [
    "a storage that takes the record of this flow",
    "one that threw",
    "Is site data blocked, the storage full, or the page in a sandboxed frame? " +
      "A storage of your own: see what it threw, in error.cause.",
  ],
  crypto_unavailable: [
    "crypto.getRandomValues",
    "none, or one that threw",
    "Start flows in a browser only; in tests give your environment Node's webcrypto.",
  ],
  token_timeout: [
    "a token within tokenTimeoutMs",
    "none by then",
    "Does fetchConnectToken end? Does your route, and does it wait for Benji longer than that?",
  ],
  connect_url_missing: [
    "connect_url in the token's answer, or hostedConnectUrl",
    "neither",
    "Ask Benji to enable Hosted Connect for your account, or set hostedConnectUrl.",
  ],
  url_too_long: [
    "an address of at most 8,000 characters",
    "a longer one",
    "Shorten the query on connect_url.",
  ],
  navigation_blocked: [
    "a navigate that leaves the page",
    "one that threw",
    "See error.cause, or leave navigate out.",
  ],
  confirm_pending: [
    "a yes or a no of your confirm route within waitMs",
    '"not yet" until then',
    "Look at your server's console, which says why. Does Benji's webhook reach your server, is it accepted " +
      "there, and do webhook and confirm route share one store?",
  ],
};

export function explainError(error: BenjiConnectError): void {
  const { code, httpStatus } = error;
  const explained = FAILURES[code];
  if (explained) return sayFailure(code, explained);
  if (code === "connect_url_untrusted") return explainUntrusted(error);
  if (code === "invalid_request") return explainOption(error);
  if (httpStatus !== undefined) return; // `explainStatus` has explained it.
  if (code === "token_fetch_failed") explainThrown("fetchConnectToken", error);
  if (code === "confirm_failed") explainConfirmation(error);
}

function sayFailure(code: BenjiConnectErrorCode, [expected, came, todo]: Explained): void {
  say(code, { expected, came, todo, see: `errors.md#${code}` });
}

/** Returns the part of the message that names the host or the option. */
const detailOf = ({ message, code }: BenjiConnectError): string =>
  message.slice(code.length + 2).split(". See ")[0] ?? "";

function explainUntrusted(error: BenjiConnectError): void {
  const host = detailOf(error).replace(/ is not in trustedHosts$/, "");
  const isLoopbackOnly = /^(?:localhost|127\.|\[::1\])/.test(host);
  sayFailure("connect_url_untrusted", [
    "a page of Benji's, or of a host in trustedHosts",
    host || "another one",
    isLoopbackOnly
      ? "Loopback is trusted while your page is on loopback too. Open it there, or name the host in trustedHosts."
      : "If the host is yours, add it to trustedHosts. If not, find out who sent it.",
  ]);
}

function explainOption(error: BenjiConnectError): void {
  const [name = ""] = detailOf(error).split(":");
  if (wasSaidOf(name)) return;
  sayFailure("invalid_request", [
    "options that can work",
    `one that cannot: ${detailOf(error)}`,
    "The page below says what each takes.",
  ]);
}

function explainConfirmation(error: BenjiConnectError): void {
  if (error.cause !== undefined) return explainThrown("confirm", error);
  const detail = detailOf(error);
  const isNothing = /^answered/.test(detail);
  sayFailure("confirm_failed", [
    "confirm to answer a Response, true, false or an object",
    isNothing ? "nothing" : detail.replace(/^expected .*, got /, ""),
    isNothing
      ? "Is a return missing? A function with braces answers only what it returns."
      : "Look at what your confirm route answers, in the network panel.",
  ]);
}

/** Does not repeat the message of the partner's error, which may contain a secret. */
function explainThrown(
  who: "fetchConnectToken" | "confirm",
  { code, cause }: BenjiConnectError,
): void {
  const name = cause instanceof Error ? cause.name : "something that is no Error";
  sayFailure(code, [`${who} to answer`, `${name}, thrown by it`, causeOf(cause)]);
}

function causeOf(cause: unknown): string {
  if (cause instanceof SyntaxError)
    return "Did a page answer in place of JSON? Look at the route's answer in the network panel.";
  if (cause instanceof TypeError && isPage())
    return (
      `Offline, a wrong URL, or CORS: the page is on ${new URL(pageUrl()).origin}, and a route on another ` +
      "origin must name it in allowedOrigins. Otherwise a mistake in your function: see error.cause."
    );
  return "See error.cause.";
}
