/**
 * Calls a partner's callback. What the callback throws is reported as an uncaught error; the flow
 * continues.
 */
export function callPartner(call: () => void): void {
  try {
    call();
  } catch (thrown) {
    reportThrown(thrown);
  }
}

/** Reports an error as uncaught, also in a browser without `reportError` (Safari 15.3 and older). */
export function reportThrown(thrown: unknown): void {
  if (typeof reportError === "function") reportError(thrown);
  else
    setTimeout(() => {
      throw thrown;
    });
}
