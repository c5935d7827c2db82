// Measures lanes (the compared variants) in rounds, and computes medians and ratios. A ratio compares
// lanes within one round, because other work of the machine slows all lanes of a round.

const at = (sorted, share) => sorted[Math.round((sorted.length - 1) * share)];
const sort = (values) => [...values].sort((a, b) => a - b);

export const median = (values) => at(sort(values), 0.5);

export function spread(values) {
  const sorted = sort(values);
  return { median: at(sorted, 0.5), q1: at(sorted, 0.25), q3: at(sorted, 0.75) };
}

/** Divides each round of a lane by the same round of the base lane. */
export const ratios = (rounds, base) => spread(rounds.map((value, n) => value / base[n]));
export const differences = (rounds, base) => spread(rounds.map((value, n) => value - base[n]));

/** Yields the lanes in another order every round; the orders are the same in every run. */
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

/** Runs `measure(lane)` for all lanes in every round. Returns the numbers of each lane, by round. */
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
