import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterLook, type FeedPace, judge, newPace } from './feed-pace.ts';

const MINUTE = 60_000;
/** A Monday. */
const start = Date.parse('2026-03-02T00:00:00.000Z');

type Brings = (at: Date) => boolean;
const steadily: Brings = () => true;
const never: Brings = () => false;
const inDaytime: Brings = (at) => at.getUTCHours() >= 8 && at.getUTCHours() < 20;

/** A feed that is looked at every minute, or every second one where days pass. */
function watched() {
  let at = start;
  let newest = { seq: 1, at: new Date(at) };
  let pace: FeedPace = newPace({ at: new Date(at), newest, expected: true });
  let alarms = 0;
  return {
    pass(minutes: number, brings: Brings, expected = true) {
      const step = minutes > 1_000 ? 2 : 1;
      for (let n = 0; n < minutes; n += step) {
        at += step * MINUTE;
        const now = new Date(at);
        if (brings(now)) newest = { seq: newest.seq + 1, at: now };
        pace = afterLook(pace, { at: now, newest, expected });
        if (judge(pace, now).state === 'silent') alarms += 1;
      }
      return judge(pace, new Date(at));
    },
    /** INTAKE is made anew, and counts from 1 again. */
    anew: () => void (newest = { seq: 0, at: newest.at }),
    /** Nobody looks. */
    away: (minutes: number) => void (at += minutes * MINUTE),
    alarms: () => alarms,
    pace: () => pace,
  };
}
const days = (n: number) => n * 24 * 60;

describe('a feed gone silent', () => {
  it('is not judged before it was looked at for an hour', () => {
    const feed = watched();
    expect(feed.pass(59, steadily)).toEqual({ state: 'unknown', looked: 59 });
    expect(feed.pass(1, steadily)).toEqual({ state: 'well' });
  });

  it('is warned of after forty minutes where two hours are known, and after ten minutes once the hour of the week is', () => {
    const young = watched();
    young.pass(120, steadily);
    expect(young.pass(38, never).state).toBe('well');
    expect(young.pass(5, never).state).toBe('silent');

    const known = watched();
    known.pass(days(15), steadily);
    expect(known.pass(9, never).state).toBe('well');
    expect(known.pass(3, never)).toMatchObject({ state: 'silent', bad: false, basis: 'hour of the week' });
    expect(known.pass(60, never)).toMatchObject({ state: 'silent', bad: true });
  });

  it('is none because INTAKE was made anew, which counts from 1 again', () => {
    const feed = watched();
    feed.pass(days(15), steadily);
    feed.anew();
    expect(feed.pass(30, steadily)).toEqual({ state: 'well' });
    expect(feed.pass(12, never).state).toBe('silent');
  });

  it('is over with the next message', () => {
    const feed = watched();
    feed.pass(days(15), steadily);
    feed.pass(30, never);
    expect(feed.pass(1, steadily)).toEqual({ state: 'well' });
    expect(feed.pace().missed).toBe(0);
  });

  it('is none at night where the nights are always silent, and one by day after ten minutes', () => {
    const feed = watched();
    feed.pass(days(2), inDaytime);
    const learning = feed.alarms();
    feed.pass(days(14), inDaytime);
    expect(feed.alarms()).toBe(learning);
    feed.pass(10 * 60, inDaytime);
    expect(feed.pass(12, never).state).toBe('silent');
  });

  it('is none while nothing is expected, and what was missed before begins anew afterwards', () => {
    const feed = watched();
    feed.pass(days(15), steadily);
    expect(feed.pass(8, never).state).toBe('well');
    expect(feed.pass(240, never, false).state).toBe('well');
    expect(feed.pass(9, never).state).toBe('well');
    expect(feed.pass(3, never).state).toBe('silent');
  });

  it('is none because the engine was away: what nobody looked at is not missing', () => {
    const feed = watched();
    feed.pass(days(15), steadily);
    feed.away(600);
    expect(feed.pass(5, never).state).toBe('well');
  });

  it('stays one however long it lasts: that silence does not become usual', () => {
    const feed = watched();
    feed.pass(days(15), steadily);
    feed.pass(days(8), never);
    expect(feed.pass(1, never)).toMatchObject({ state: 'silent', bad: true });
  });

  it('is none after something that came once', () => {
    const feed = watched();
    feed.pass(15, steadily);
    feed.pass(days(22), never);
    expect(feed.alarms()).toBe(0);
  });

  it('is known from so little that any feed fits into one value of a bucket', () => {
    const feed = watched();
    feed.pass(days(22), inDaytime);
    expect(JSON.stringify(feed.pace()).length).toBeLessThan(32_000);
  });

  it('is never told of a feed that just brought something', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean()), { maxLength: 20 }),
        (stretches) => {
          const feed = watched();
          for (const [minutes, brings] of stretches) feed.pass(minutes, brings ? steadily : never);
          expect(feed.pass(1, steadily).state).not.toBe('silent');
        },
      ),
      { numRuns: 50 },
    );
  });
});
