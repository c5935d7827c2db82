/** Calls what a partner handed in. One that throws is reported as their error; the flow goes on. */
export function callPartner(call: () => void): void {
  try {
    call();
  } catch (thrown) {
    reportThrown(thrown);
  }
}

/** Like an error that nobody caught, also in a browser without `reportError` (Safari 15.3 and older). */
export function reportThrown(thrown: unknown): void {
  if (typeof reportError === "function") reportError(thrown);
  else
    setTimeout(() => {
      throw thrown;
    });
}
