/** Calls what a partner handed in. One that throws is reported as their error; the flow goes on. */
export function callPartner(call: () => void): void {
  try {
    call();
  } catch (thrown) {
    reportError(thrown);
  }
}
