interface Fiber {
  readonly child: Fiber | null;
  readonly sibling: Fiber | null;
  readonly memoizedProps: unknown;
  readonly memoizedState: unknown;
  readonly updateQueue: unknown;
}

/**
 * Every text in the props, state, refs and effects of the components in the container: what React's developer
 * tools could show. Variables of closures are not reached. Reads React's own, undocumented fields of DOM nodes.
 */
export function textsInReactState(container: Element): string[] {
  const name = Object.keys(container).find((key) => key.startsWith("__reactContainer$"));
  if (name === undefined) throw new Error("React has not rendered into this element.");
  // React keeps two trees, and the property names the root of the first one: `current` is the one shown.
  const root = (container as unknown as Record<string, { stateNode: { current: Fiber } }>)[name];
  const found = new Set<string>();
  collectFromTree(root!.stateNode.current, found);
  return [...found];
}

function collectFromTree(first: Fiber, found: Set<string>): void {
  for (let fiber: Fiber | null = first; fiber; fiber = fiber.sibling) {
    const { memoizedProps, memoizedState, updateQueue } = fiber;
    collect([memoizedProps, memoizedState, updateQueue], found, new Set());
    if (fiber.child) collectFromTree(fiber.child, found);
  }
}

function collect(value: unknown, found: Set<string>, seen: Set<object>): void {
  if (typeof value === "string") found.add(value);
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  if (value instanceof Node || "stateNode" in value) return; // an element, or another component
  seen.add(value);
  const isCollection = value instanceof Map || value instanceof Set;
  const parts = isCollection
    ? [...value]
    : Reflect.ownKeys(value).map((key) => Reflect.get(value, key));
  for (const part of parts) collect(part, found, seen);
}
