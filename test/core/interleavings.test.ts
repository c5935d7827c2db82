import fc from "fast-check";
import { it } from "vitest";
import { nearMissOf, seedRuns } from "./randomValues.js";
import {
  start,
  startMany,
  tokenArrives,
  comeBack,
  FORGERIES,
  forge,
  forgeState,
  walkTo,
  loadAgain,
  MODES,
  routerForgets,
  moveClock,
  moveClockToEdge,
  signIn,
  GARBAGE,
  plantGarbage,
  plantForeign,
} from "./interleavings.commands.js";
import { MINUTE, HOUR, DAY, ANSWERS, createBrowser, createModel } from "./interleavings.model.js";

seedRuns("interleavings");

const index = fc.nat(60);
const recent = fc.nat(3);
const path = fc.constantFrom("/back", "/other/back");
const answer = fc.oneof(fc.constant(ANSWERS[0]), fc.constantFrom(...ANSWERS));
const app = fc.constantFrom<unknown[]>(null, null, { idx: 1 }, "text", 7);
const anyStart = fc.record({
  mode: fc.constantFrom(...MODES),
  lifetimeMs: fc.constantFrom(undefined, MINUTE, HOUR, DAY),
  returnTo: fc.constantFrom(undefined, "/checkout?a=1#b"),
  appState: fc.oneof(fc.constant(undefined), fc.nat()),
});
const foreignKey = fc.constantFrom(
  ...["benji-connect:2:benji.x", "benji-connect:1", "benji-connect", "benji.x", "last", "cart"],
  ...["xbenji-connect:1:benji.x", "BENJI-CONNECT:1:benji.x", "", "__proto__"],
);
const almost = fc
  .tuple(fc.constant(`benji.${"A".repeat(43)}`), fc.nat(1_000), index)
  .map(([state, seed, at]) => {
    const change = (real: string) => fc.sample(nearMissOf(real), { seed, numRuns: 1 })[0] ?? "";
    return forgeState(state, change, at);
  });

const commands = fc.commands(
  [
    fc
      .tuple(anyStart, fc.constantFrom("ok", "ok", "ok", "failed", "aborted", "later"))
      .map((args) => start(...args)),
    fc.tuple(anyStart, fc.constantFrom("ok", "later")).map((args) => start(...args)),
    fc
      .tuple(fc.integer({ min: 1, max: 22 }), fc.constantFrom(0, 1, 1, -1, MINUTE))
      .map((args) => startMany(...args)),
    fc
      .tuple(index, fc.constantFrom("ok", "failed", "aborted"))
      .map((args) => tokenArrives(...args)),
    fc.tuple(index, answer, path, app).map((args) => comeBack(...args)),
    fc.tuple(recent, answer, path, app).map((args) => comeBack(...args)),
    fc.tuple(recent, answer, path, app).map((args) => comeBack(...args)),
    fc.tuple(index, fc.constantFrom(...Object.keys(FORGERIES))).map((args) => forge(...args)),
    almost,
    fc
      .tuple(path, fc.constantFrom("", "?code=c&state=theirs", "?status=paid", "?status=success"))
      .map((args) => walkTo(...args)),
    index.map(loadAgain),
    recent.map(loadAgain),
    index.map(routerForgets),
    fc
      .oneof(
        fc.integer({ min: -2 * DAY, max: 2 * DAY }),
        fc.constantFrom(1, MINUTE, HOUR, DAY, -1, -MINUTE, -HOUR, -DAY, 7 * DAY, -7 * DAY),
      )
      .map(moveClock),
    fc
      .tuple(recent, fc.constantFrom("end", "dayBefore"), fc.constantFrom(-1, 0, 1))
      .map((args) => moveClockToEdge(...args)),
    fc.constantFrom("ann", "bob", "", null).map(signIn),
    fc
      .tuple(
        index,
        fc.constantFrom("", "", "last", "x", "benji.planted", "0"),
        fc.constantFrom(...GARBAGE),
      )
      .map((args) => plantGarbage(...args)),
    fc.tuple(foreignKey, fc.constantFrom("", "{}", "theirs")).map((args) => plantForeign(...args)),
  ],
  { maxCommands: 40, size: "max" },
);

it("in any order of events a return is accepted once, for an unexpired flow of this browser and user (T3, T4, T7, F17, F18, F22, F23, F31, F36)", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.integer(), async (planned, seed) => {
      const real = createBrowser(seed);
      try {
        await fc.asyncModelRun(() => ({ model: createModel(real.tab.now), real }), planned);
      } finally {
        for (const { abort } of real.waiting) abort();
      }
    }),
    { numRuns: 1_000 },
  );
});
