import { describe, expect, it } from 'vitest';
import type { Found } from './evaluator.ts';
import { failedSheet, sheetOf } from './warning-book.ts';

const of = { kind: 'feed_silent', everyMs: 60_000 } as const;
const found = (id: string): Found => ({
  id,
  system: 'shop',
  subject: 'Shop: orders',
  severity: 'warn',
  message: 'None came.',
  remedy: 'Ask the shop.',
});
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute));

describe('a sheet of warnings', () => {
  it('keeps since when each holds, and forgets what no longer does', () => {
    const first = sheetOf(of, { warnings: [found('a'), found('b')], unknown: [] }, undefined, at(0));
    const second = sheetOf(of, { warnings: [found('b'), found('c')], unknown: [] }, first, at(5));
    expect(second.warnings.map(({ id, since }) => [id, since])).toEqual([
      ['b', at(0).toISOString()],
      ['c', at(5).toISOString()],
    ]);
    expect(second).toMatchObject({ evaluated_at: at(5).toISOString(), next_at: at(6).toISOString(), failure: '' });
  });

  it('takes over the moment that a warning names itself', () => {
    const since = at(0).toISOString();
    const sheet = sheetOf(of, { warnings: [{ ...found('a'), since }], unknown: [] }, undefined, at(9));
    expect(sheet.warnings[0]?.since).toBe(since);
  });

  it('keeps what can no longer be looked at, since when it holds, until that can be said again', () => {
    const unknown = (id: string) => ({ id, system: 'shop', subject: 'Shop: orders', message: 'The shop is away.' });
    const first = sheetOf(
      of,
      { warnings: ['shop orders', 'shop refunds', 'shop2 orders', 'rate'].map(found), unknown: [] },
      undefined,
      at(0),
    );
    const away = sheetOf(
      of,
      { warnings: [found('shop orders')], unknown: [unknown('shop'), unknown('rate')] },
      first,
      at(5),
    );
    expect(away.warnings.map(({ id, since }) => [id, since])).toEqual(
      ['shop orders', 'shop refunds', 'rate'].map((id) => [id, at(0).toISOString()]),
    );
    expect(away.unknown).toHaveLength(2);
    const back = sheetOf(of, { warnings: [found('shop refunds')], unknown: [] }, away, at(10));
    expect(back.warnings.map(({ id, since }) => [id, since])).toEqual([['shop refunds', at(0).toISOString()]]);
  });

  it('of an evaluation that failed says so beside what was known before', () => {
    const before = sheetOf(of, { warnings: [found('a')], unknown: [] }, undefined, at(0));
    const failed = failedSheet(of, new Error('NATS was away'), before, at(1));
    expect(failed).toEqual({ ...before, next_at: at(2).toISOString(), failure: 'NATS was away' });
    expect(failedSheet(of, 'no', undefined, at(1))).toMatchObject({ evaluated_at: '', warnings: [], failure: 'no' });
  });
});
