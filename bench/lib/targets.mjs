// Compares the last run with the targets of issue 8. A missed target fails nothing: machines differ.

const OURS = "BenjiConnectButton";
const atMost = (limit) => ({ goal: `at most ${limit}`, isMet: (value) => value <= limit });
const atLeast = (limit) => ({ goal: `at least ${limit}`, isMet: (value) => value >= limit });

// [what, part, table, row, column, goal]
const TARGETS = [
  ["mount of 1,000, to a bare component", "mount", 0, OURS, "to bare", atMost(1.15)],
  ["re-render of 1,000, to a bare component", "mount", 1, OURS, "to bare", atMost(1.15)],
  ["commits until the result shows", "callback", 0, "useBenjiRedirectResult", "commits", atMost(1)],
  [
    "script to result, to `URLSearchParams`",
    "callback",
    0,
    "useBenjiRedirectResult",
    "to URLSearchParams",
    atMost(1.05),
  ],
  ["click, ms over by hand, token in 0 ms", "click", 0, OURS, "ms over by hand", atMost(1)],
  ["click, ms over by hand, token in 50 ms", "click", 1, OURS, "ms over by hand", atMost(1)],
  ["click, ms over by hand, token in 200 ms", "click", 2, OURS, "ms over by hand", atMost(1)],
  [
    "click with the token in hand, ms over the link",
    "click",
    1,
    `${OURS}, prefetch="intent"`,
    "ms over the link",
    atMost(3),
  ],
  ["parsing, to five `get`", "parse", 0, "parseRedirect", "to five get", atMost(1.4)],
  [
    "token route, throughput to by hand",
    "server",
    0,
    "createConnectTokenHandler",
    "of by hand",
    atLeast(1),
  ],
  [
    "token route with undici, throughput to the raw floor",
    "server",
    0,
    "createConnectTokenHandler, undici.request as its fetch",
    "of the floor",
    atLeast(0.7),
  ],
];

/** Returns a table of the targets of every part that was measured. */
export function targetsTable(results) {
  const rows = TARGETS.filter(([, part]) => results[part]).map(
    ([target, part, table, key, column, { goal, isMet }]) => {
      const row = results[part].tables[table].rows.find((row) => Object.values(row)[0] === key);
      const measured = row[column];
      return { target, goal, measured, met: isMet(measured.median) ? "yes" : "no" };
    },
  );
  return { title: "Targets, by the medians of the last run", rows };
}
