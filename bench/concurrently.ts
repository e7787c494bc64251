/** Does `task` for 0 … count-1, at most `inFlight` at a time. @returns milliseconds from the first to the last. */
export async function concurrently(count: number, inFlight: number, task: (i: number) => Promise<void>) {
  const began = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) await task(i);
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
  return performance.now() - began;
}

export const median = (values: readonly number[]): number => at(values, 0.5);

/** The value below which `share` of the values lie; 0 without values. */
export function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;
