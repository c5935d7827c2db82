// Rounds in turns, and what is said of them: medians, and ratios of round against round, because
// what else the machine did in a round hit every lane of it.

const at = (sorted, share) => sorted[Math.round((sorted.length - 1) * share)];
const sort = (values) => [...values].sort((a, b) => a - b);

export const median = (values) => at(sort(values), 0.5);

/** Median and quartiles. */
export function spread(values) {
  const sorted = sort(values);
  return { median: at(sorted, 0.5), q1: at(sorted, 0.25), q3: at(sorted, 0.75) };
}

/** Each round of a lane against the same round of the lane it is measured by. */
export const ratios = (rounds, base) => spread(rounds.map((value, n) => value / base[n]));
export const differences = (rounds, base) => spread(rounds.map((value, n) => value - base[n]));

/** A different order every round, the same in every run. */
export function* turns(lanes, count) {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < count; round++) {
    const order = [...lanes];
    for (let n = order.length - 1; n > 0; n--) {
      const other = Math.floor(random() * (n + 1));
      [order[n], order[other]] = [order[other], order[n]];
    }
    yield { round, order };
  }
}

/** Runs `measure(lane)` in turns; the numbers of each lane, round by round. */
export async function inTurns(lanes, { rounds, warmUps = 0 }, measure) {
  const measured = Object.fromEntries(lanes.map((lane) => [lane, []]));
  for (const { round, order } of turns(lanes, rounds + warmUps)) {
    for (const lane of order) {
      const value = await measure(lane, round);
      if (round >= warmUps) measured[lane].push(value);
    }
  }
  return measured;
}
