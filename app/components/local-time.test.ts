import { expect, it } from 'vitest';
import { instantOf, localText } from './local-time.ts';

it('makes an instant of a time on the browser’s clock, and such a time of an instant', () => {
  const at = new Date(2026, 9, 2, 14, 5);
  expect(localText(at)).toBe('2026-10-02T14:05');
  expect(instantOf('2026-10-02T14:05')).toBe(at.toISOString());
  expect(localText(at.toISOString())).toBe('2026-10-02T14:05');
});

it.each(['', 'soon', '275760-12-31T00:00', '12026-10-02T14:05'])(
  'leaves %j as it is: a server that is told something else would take it for something else',
  (text) => expect(instantOf(text)).toBe(text),
);

it('has no text for what is no time', () => expect(localText('soon')).toBe(''));
