import fc from "fast-check";

/** Benji's parameters, written out here on purpose: independent of the library's constants. */
export const OURS = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];

/** Spellings of a name: each letter may be percent-encoded, in either case. */
export const oddlyEncoded = (name: string) =>
  fc
    .array(fc.constantFrom("plain", "upper", "lower"), {
      minLength: name.length,
      maxLength: name.length,
    })
    .map((styles) =>
      [...name].map((letter, index) => encodeLetter(letter, styles[index])).join(""),
    );

function encodeLetter(letter: string, style: string | undefined): string {
  const hex = `%${letter.charCodeAt(0).toString(16)}`;
  return style === "plain" ? letter : style === "upper" ? hex.toUpperCase() : hex;
}

/** The ways to encode one value in a query. */
const encodings: ((value: string) => string)[] = [
  encodeURIComponent,
  (value) => String(new URLSearchParams({ "": value })).slice(1),
  (value) =>
    [...new TextEncoder().encode(value)]
      .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
      .join(""),
];
export const encoding = fc.constantFrom(...encodings);

// Letters that spell none of Benji's or OAuth's names, encoded or not, and every character that a decoder treats specially.
export const ODD_LETTERS = "nzZ%+?/[]().-~!*01";
export const RAW_LETTERS = "\"' é漢😀\\|{}^`";
export const oddText = (letters: string) =>
  fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
const nearNames = fc.constantFrom(
  ...["Status", "status_", "status[]", "_state", "%2573tate", "+state", "state%20", "?status"],
  ...["benji_user", "benji_user_uuids", "%zzstate", "state%", "", "utm_source", "gclid"],
  ...["__proto__", "constructor", "toString"],
);

/** A segment of a foreign query: `a=b`, `a`, `=b` or ``, with unusual characters. */
export const foreignSegment = (letters: string) =>
  fc
    .tuple(
      fc.oneof(oddText(letters), nearNames),
      fc.option(
        fc.oneof(oddText(`${letters}=`), fc.constantFrom("status=success", "%26state%3Dx")),
      ),
    )
    .map(([name, value]) => (value === null ? name : `${name}=${value}`));
export const foreignQuery = (letters: string) =>
  fc.array(foreignSegment(letters), { maxLength: 6 });

/** Merges two lists at random, and keeps the order of each. */
export const interleaved = <T>(a: readonly T[], b: readonly T[]) =>
  fc.infiniteStream(fc.boolean()).map((choices) => {
    const [left, right] = [[...a], [...b]];
    const merged: T[] = [];
    while (left.length || right.length)
      merged.push(
        ...((choices.next().value && left.length) || !right.length ? left : right).splice(0, 1),
      );
    return merged;
  });
