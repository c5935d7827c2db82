/** By shape, not by class: a polyfilled fetch has a Response of its own. */
export const isResponse = (answer: unknown): answer is Response =>
  typeof (answer as Response | null | undefined)?.json === "function";
