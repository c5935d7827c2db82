// Counts letters instead of milliseconds, so that "ten times the address costs ten times the work" can be
// tested on any machine: see properties.addressSize.test.ts, T27.

/** Every function that reads a text or a list. A call costs as much as it may have to read. */
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

/** Counts the letters and list entries that an action reads, at most. */
export function workOf(action: () => unknown): number {
  let work = 0;
  let isInsideNode = false;
  const originals = READERS.flatMap(([owner, names]) =>
    names.map((name) => [owner, name, (owner as Record<string, unknown>)[name]] as const),
  );
  // Node implements URLs in JavaScript: what that code reads is not counted. (Node 24's work is quadratic
  // for parameters without "="; its HTTP server limits them to 16 kB.)
  const insideNode = <R>(run: () => R): R => {
    isInsideNode = true;
    try {
      return run();
    } finally {
      isInsideNode = false;
    }
  };
  for (const [owner, name, original] of originals)
    (owner as Record<string, unknown>)[name] = new Proxy(original as () => unknown, {
      apply: (target, self, args: unknown[]) => {
        const run = (): unknown => Reflect.apply(target, self, args as []);
        if (isInsideNode) return run();
        const answer = self instanceof NativeParams ? insideNode(run) : run();
        work += name === "slice" ? lengthOf(answer) : lengthOf(self) + lengthOf(args[0]);
        return answer;
      },
      construct: (target, args: unknown[], newTarget) => {
        const make = () => {
          const made = Reflect.construct(target, args, newTarget) as object;
          // Node reads the parameters of a URL when they are first asked for.
          const params = (made as { searchParams?: object }).searchParams ?? made;
          sizes.set(params, lengthOf(String(args[0])));
          return made;
        };
        if (isInsideNode) return make();
        // An object costs more than a letter.
        work += lengthOf(args[0]) + OBJECT;
        return insideNode(make);
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
