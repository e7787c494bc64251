import { type Trend, trendOf } from '#app/cases/trend.ts';
import { causesOpenSince, causeTrends } from '#app/queries/cause-trends.ts';
import type { AppContext } from '#app/server/context.ts';

/**
 * What is going on with each of these causes, by fingerprint.
 *
 * @param openSince when the oldest open case of each was opened, where that is known already
 */
export async function readTrends(
  { read, now }: Pick<AppContext, 'read' | 'now'>,
  fingerprints: readonly string[],
  openSince?: ReadonlyMap<string, string>,
): Promise<Map<string, Trend>> {
  if (fingerprints.length === 0) return new Map();
  // To the second, so that everybody who looks at the same list asks the same question.
  const at = new Date(Math.floor(now().getTime() / 1_000) * 1_000);
  const question = { fingerprints: [...fingerprints].sort(), now: at.toISOString() };
  const [rows, waiting] = await Promise.all([
    read(causeTrends, question),
    openSince ??
      read(causesOpenSince, question).then(
        (found) => new Map(found.map(({ fingerprint, open_since }) => [fingerprint, open_since])),
      ),
  ]);
  return new Map(
    rows.map((row) => [row.fingerprint, trendOf({ ...row, open_since: waiting.get(row.fingerprint) ?? '' }, at)]),
  );
}
