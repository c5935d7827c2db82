import { modeName } from "../core/mode.js";
import { isAmount } from "../core/out/buildHostedConnectUrl.js";
import type { BenjiConnectError, BenjiConnectErrorCode } from "../errors.js";

/** Every text that a member sees or hears. English is built in; replace what you like. */
export interface BenjiMessages {
  /** The BCP 47 tag for the format of amounts. */
  locale: string;
  /** The button's label in mode `connect`. */
  connect: string;
  transfer: string;
  /** `{amount}` stands for the points. */
  transferAmount: string;
  redeem: string;
  /** `{amount}` stands for the points. */
  redeemAmount: string;
  /** Announced to a screen reader while the token is fetched. */
  connecting: string;
  /** Announced to a screen reader before the page is left. */
  redirecting: string;
  /** The browser refuses storage or secure random numbers. */
  blocked: string;
  /** Your token route was not reached, or failed (HTTP 5xx). */
  unreachable: string;
  /** Your token route refused (HTTP 4xx). */
  refused: string;
  /** Your token route answered 401: nobody is signed in. */
  signedOut: string;
  /** The token took longer than `tokenTimeoutMs`. */
  slow: string;
  /** Every other failure. */
  failed: string;
  /** Added to an error text if trying again may help. */
  tryAgain: string;
}

const ENGLISH: BenjiMessages = {
  locale: "en",
  connect: "Connect rewards",
  transfer: "Transfer points",
  transferAmount: "Transfer {amount} points",
  redeem: "Redeem points",
  redeemAmount: "Redeem {amount} points",
  connecting: "Connecting to Benji",
  redirecting: "Taking you to Benji",
  blocked: "Your browser blocks data that this page needs. Please allow site data for it.",
  unreachable: "We could not reach the rewards service.",
  refused: "The rewards service refused.",
  signedOut: "You are signed out. Please sign in.",
  slow: "That took too long.",
  failed: "That did not work.",
  tryAgain: "Please try again.",
};

/** Some of the texts. A text that is `undefined`, such as a missing translation, stays English. */
export type OwnMessages = Partial<Record<keyof BenjiMessages, string | undefined>>;

export function messagesWith(own: OwnMessages | undefined): BenjiMessages {
  if (!own) return ENGLISH;
  const names = Object.keys(ENGLISH) as (keyof BenjiMessages)[];
  return Object.fromEntries(
    names.map((name) => [name, own[name] ?? ENGLISH[name]]),
  ) as unknown as BenjiMessages;
}

/** The button's label if it has no children. */
export function labelOf(messages: BenjiMessages, mode: unknown, amount?: unknown): string {
  const name = modeName(mode) ?? "connect";
  if (name === "connect" || !isAmount(amount)) return messages[name];
  return messages[`${name}Amount`].replace("{amount}", () => formatAmount(messages.locale, amount));
}

// An unknown locale must not crash the page.
function formatAmount(locale: string, amount: number): string {
  try {
    return new Intl.NumberFormat(locale).format(amount);
  } catch {
    return String(amount);
  }
}

export function errorText(
  messages: BenjiMessages,
  { code, httpStatus = 500 }: BenjiConnectError,
): string {
  const wasRefused = code === "token_fetch_failed" && httpStatus < 500;
  const name = wasRefused ? "refused" : (TEXTS[code] ?? "failed");
  return (
    messages[name] + (name === "blocked" || name === "signedOut" ? "" : ` ${messages.tryAgain}`)
  );
}

const TEXTS: Partial<Record<BenjiConnectErrorCode, keyof BenjiMessages>> = {
  storage_unavailable: "blocked",
  crypto_unavailable: "blocked",
  token_timeout: "slow",
  token_fetch_failed: "unreachable",
  unauthenticated: "signedOut",
};
