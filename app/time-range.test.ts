import { describe, expect, it } from 'vitest';
import { periodBefore, readTimeRange } from './time-range.ts';

const now = new Date('2026-03-01T12:00:00.400Z');
const read = (text: string) => readTimeRange(new URLSearchParams(text), now);

describe('the time range of an address', () => {
  it('is the last 30 minutes where nothing sensible is said', () => {
    for (const text of [
      '',
      'range=nonsense',
      'range=custom&from=x&to=y',
      'range=custom&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
      'range=custom&from=2026-01-02T00:00:00Z&to=%2B012026-01-01T00:00:00Z',
    ])
      expect(read(text)).toMatchObject({
        id: 'live',
        from: '2026-03-01T11:30:00.000Z',
        to: '2026-03-01T12:00:00.000Z',
      });
  });
  it('has few enough buckets to draw', () => {
    for (const id of ['live', '15m', '1h', '24h', '7d']) {
      const { from, to, bucketSeconds } = read(`range=${id}`);
      expect((Date.parse(to) - Date.parse(from)) / 1_000 / bucketSeconds).toBeLessThanOrEqual(100);
    }
  });
  it('is followed back by a period of equal length', () => {
    expect(periodBefore(read('range=1h'))).toEqual({
      from: '2026-03-01T10:00:00.000Z',
      to: '2026-03-01T11:00:00.000Z',
    });
  });
});
