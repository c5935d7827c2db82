/** Recognises a Response by its shape, because a polyfilled fetch has another class. */
export const isResponse = (answer: unknown): answer is Response =>
  typeof (answer as Response | null | undefined)?.json === "function";
