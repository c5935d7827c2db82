/** Names the kind of a value, never the value: it may be a secret or a member's data. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (Number.isNaN(value)) return "NaN";
  if (typeof value === "string") return value.trim() === "" ? "empty text" : "text";
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (isThenable(value)) return "a promise";
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === "Object" ? "an object" : `a ${tag} object`;
}

export const isThenable = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Returns an own field; calls no getter of a class. */
export const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.prototype.hasOwnProperty.call(value, name) ? value[name] : undefined;
