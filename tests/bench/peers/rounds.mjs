// Interleaved rounds and what is said of them. Each round measures every peer once, so that what the machine does meanwhile
// happens to all alike, and ratios are of one round.

/** {middle, low, high}: the median and the extremes of what is a number; NaN where nothing is. */
export function spread(values) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return {middle: NaN, low: NaN, high: NaN};
  const half = (sorted.length - 1) / 2;
  return {middle: (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2, low: sorted[0], high: sorted.at(-1)};
}

/** `measure(peer)` once a round for each peer, every other round backwards: {peer's name: [result of each round]}. */
export async function interleave(peers, rounds, measure) {
  const results = Object.fromEntries(peers.map(({name}) => [name, []]));
  for (let round = 0; round < rounds; ++round) {
    for (const peer of round % 2 ? [...peers].reverse() : peers) results[peer.name].push(await measure(peer));
  }
  return results;
}

/** How many times `base`'s figure a peer's is, round by round. */
export const ratio = (results, base, figure) => spread(results.map((one, round) => one[figure] / base[round][figure]));
