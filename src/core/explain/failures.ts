import { type BenjiConnectError, type BenjiConnectErrorCode } from "../../errors.js";
import { say } from "./say.js";
import { isPage, pageUrl } from "../browser.js";

type Explained = [expected: string, came: string, todo: string];

/** What is said where nothing else has said it already. */
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
};

/** A start that failed, or a confirmation. */
export function explainError(error: BenjiConnectError): void {
  const { code, httpStatus } = error;
  const explained = FAILURES[code];
  if (explained) return sayFailure(code, explained);
  if (code === "connect_url_untrusted") return explainUntrusted(error);
  if (code === "invalid_request") return explainOption(error);
  if (code === "token_fetch_failed" && httpStatus === undefined) explainThrown(error);
}

function sayFailure(code: BenjiConnectErrorCode, [expected, came, todo]: Explained): void {
  say(code, { expected, came, todo, see: `errors.md#${code}` });
}

/** The error's own message names the host or the option, and no value. */
const detailOf = ({ message, code }: BenjiConnectError): string =>
  message.slice(code.length + 2).split(". See ")[0] ?? "";

function explainUntrusted(error: BenjiConnectError): void {
  const isLoopbackOnly = /^(?:localhost|127\.|\[::1\])/.test(detailOf(error));
  sayFailure("connect_url_untrusted", [
    "a page of Benji's, or of a host in trustedHosts",
    detailOf(error) || "another one",
    isLoopbackOnly
      ? "Loopback is trusted while your page is on loopback too. Open it there, or name the host in trustedHosts."
      : "If the host is yours, add it to trustedHosts. If not, find out who sent it.",
  ]);
}

function explainOption(error: BenjiConnectError): void {
  sayFailure("invalid_request", [
    "options that can work",
    `one that cannot: ${detailOf(error)}`,
    "The page below says what each takes.",
  ]);
}

/** Its message is not repeated: it is the partner's own, and may hold anything. */
function explainThrown({ cause }: BenjiConnectError): void {
  const name = cause instanceof Error ? cause.name : "something that is no Error";
  const isNetwork = cause instanceof TypeError;
  sayFailure("token_fetch_failed", [
    "fetchConnectToken to answer",
    `${name}, thrown by it`,
    isNetwork && isPage()
      ? `Offline, a wrong URL, or CORS: the page is on ${new URL(pageUrl()).origin}, and a route on another ` +
        "origin must name it in allowedOrigins. Otherwise a mistake in your function: see error.cause."
      : "See error.cause.",
  ]);
}
