import { type Trend, trendOf } from '#app/cases/trend.ts';
import { causeTrends } from '#app/queries/cause-trends.ts';
import type { AppContext } from '#app/server/context.ts';

/** What is going on with each of these causes, by fingerprint. */
export async function readTrends(
  { read, now }: Pick<AppContext, 'read' | 'now'>,
  fingerprints: readonly string[],
): Promise<Map<string, Trend>> {
  if (fingerprints.length === 0) return new Map();
  // To the second, so that everybody who looks at the same list asks the same question.
  const at = new Date(Math.floor(now().getTime() / 1_000) * 1_000);
  const rows = await read(causeTrends, { fingerprints: [...fingerprints].sort(), now: at.toISOString() });
  return new Map(rows.map((row) => [row.fingerprint, trendOf(row, at)]));
}
