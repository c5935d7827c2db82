import { nodeEnv } from "./nodeEnv.js";

/** The option `onError` of a route. */
export type OnError = (error: unknown) => void | Promise<void>;

/**
 * Passes an error to the partner's `onError`; without an `onError`, to the console in development.
 * Routes do not await this function.
 */
export async function report(error: unknown, onError: OnError | undefined): Promise<void> {
  try {
    if (onError) await onError(error);
    else tellDeveloper(error);
  } catch {
    // An `onError` that fails does not change the route's answer.
  }
}

/** Writes to the console, in development only. */
export function tellDeveloper(error: unknown): void {
  if (nodeEnv() !== "development") return;
  // eslint-disable-next-line no-console -- the one place where a developer without onError sees the error
  console.warn("react-benji-connect/server:", error instanceof Error ? error.message : error);
}
