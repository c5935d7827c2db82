import { show } from "../browser.js";

/** One mistake, in the parts that every message has. */
export interface Mistake {
  expected: string;
  /** A kind, such as "text"; never the value (see describeValue.ts). */
  came: string;
  todo: string;
  /** A page and its heading, inside `docs/`. */
  see?: string;
}

/** Relative to the installed package, until the project has a homepage. */
export const DOCS = "react-benji-connect/docs/";

const NAME = "react-benji-connect: ";

const said = /* @__PURE__ */ new Set<string>();

/** Prints a mistake once, however often it is made. */
export function say(subject: string, { expected, came, todo, see }: Mistake): void {
  const text =
    `${NAME}${subject}: expected ${expected}, got ${came}. ${todo} ` +
    `See ${DOCS}${see ?? "errors.md#invalid_request"}`;
  if (said.has(text)) return;
  said.add(text);
  show(text);
}

/** Whether a message about this subject, such as an option's name, was printed. */
export const wasSaidOf = (subject: string): boolean =>
  [...said].some((text) => text.startsWith(`${NAME}${subject}: `));

/** Tests call this, to make a mistake more than once. */
export const forgetWhatWasSaid = (): void => said.clear();
