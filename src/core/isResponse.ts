/** Recognises a Response by its `json` method: a polyfilled fetch returns another class. */
export const isResponse = (answer: unknown): answer is Response =>
  typeof (answer as Response | null | undefined)?.json === "function";
