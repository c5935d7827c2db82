import { nodeEnv } from "./nodeEnv.js";

/** An `onError` of the partner's, for a route. */
export type OnError = (error: unknown) => void | Promise<void>;

/**
 * Hands an error to the partner, or to the console where there is no `onError`. Not awaited, and never in
 * the way of the answer: a logger that fails is the partner's to notice.
 */
export async function report(error: unknown, onError: OnError | undefined): Promise<void> {
  try {
    if (onError) await onError(error);
    else tellDeveloper(error);
  } catch {
    // The caller still gets an answer.
  }
}

/** On the console, in development only. */
export function tellDeveloper(error: unknown): void {
  if (nodeEnv() !== "development") return;
  // eslint-disable-next-line no-console -- the one place where a developer without onError learns of it
  console.warn("react-benji-connect/server:", error instanceof Error ? error.message : error);
}
