import { expect, it } from 'vitest';
import { createProgressLine, describeProgress } from './progress-line.ts';

it('tells how far long work has come, how fast it goes and what remains', () => {
  expect(describeProgress({ phase: 'landing', done: 6_000, of: 24_000, ms: 2_000, since: 2_000 })).toBe(
    'landing   [######------------------]   25%  6K of 24K  2K/s  0:09 left',
  );
  expect(describeProgress({ phase: 'reading', done: 0, of: 0, ms: 0, since: 0 })).toContain('100%');
  expect(describeProgress({ phase: 'landing', done: 10, of: 100_010, ms: 1_000, since: 0 })).toContain('2:46:40 left');
});

it('is drawn anew on a terminal and written now and then elsewhere', () => {
  const drawn = (isTTY: boolean) => {
    let clock = 0;
    const written: string[] = [];
    const line = createProgressLine({ isTTY, write: (text: string) => written.push(text) > 0 }, () => clock);
    for (let i = 0; i <= 100; i++, clock += 100) line.show('reading', i, 100);
    line.end();
    return written;
  };
  expect(drawn(false)).toHaveLength(2);
  expect(drawn(false).every((text) => text.endsWith('\n'))).toBe(true);
  expect(drawn(true).every((text) => text.startsWith('\r'))).toBe(true);
});
