// The few figures that the benchmark speaks in.

/** The middle of a list of numbers; the mean of the two middle ones where there are two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median of the best third of the rounds. A round is only ever slowed down by what else the machine does, so the
 * fast rounds are the true ones; taking the single best would reward luck.
 */
export function medianOfBest(rounds) {
  const sorted = [...rounds].sort((a, b) => a - b);
  return median(sorted.slice(0, Math.ceil(sorted.length / 3)));
}
