/** Every way the engine has to look at a text or a list. Each call costs what it may have to look at. */
const READERS: [owner: object, names: string[]][] = [
  [
    String.prototype,
    ["split", "replace", "slice", "startsWith", "endsWith", "includes", "indexOf", "toLowerCase"],
  ],
  [Array.prototype, ["map", "filter", "some", "every", "find", "includes", "flatMap", "join"]],
  [RegExp.prototype, ["exec", "test"]],
  [URLSearchParams.prototype, ["get", "getAll", "has", "keys", "entries", "toString"]],
  [JSON, ["stringify", "parse"]],
  [globalThis, ["decodeURIComponent", "URL", "URLSearchParams"]],
];

const lengthOf = (value: unknown): number => {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof NativeParams) return sizes.get(value) ?? 1;
  return 1;
};

const OBJECT = 200;

const NativeParams = URLSearchParams;
const sizes = new WeakMap<object, number>();

/** How many letters and entries an action looks at, at most. Counted, so that no clock is needed. */
export function workOf(action: () => unknown): number {
  let work = 0;
  const originals = READERS.flatMap(([owner, names]) =>
    names.map((name) => [owner, name, (owner as Record<string, unknown>)[name]] as const),
  );
  for (const [owner, name, original] of originals)
    (owner as Record<string, unknown>)[name] = new Proxy(original as () => unknown, {
      apply: (target, self, args: unknown[]) => {
        const answer: unknown = Reflect.apply(target, self, args as []);
        // A slice looks at what it takes, and Node's own URLSearchParams slices once a parameter.
        work += name === "slice" ? lengthOf(answer) : lengthOf(self) + lengthOf(args[0]);
        return answer;
      },
      construct: (target, args: unknown[], newTarget) => {
        // An object costs more than a letter.
        work += lengthOf(args[0]) + OBJECT;
        const made = Reflect.construct(target, args, newTarget) as object;
        const params = (made as { searchParams?: object }).searchParams ?? made;
        sizes.set(params, lengthOf(String(args[0])));
        return made;
      },
    });
  try {
    action();
  } finally {
    for (const [owner, name, original] of originals)
      (owner as Record<string, unknown>)[name] = original;
  }
  return work;
}
