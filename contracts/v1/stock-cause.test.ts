import { expect, test } from 'vitest';
import { joinCauses, orderCause, readCauses, stockCause } from './stock-cause.ts';

test('what changed stock is read back as it was written, whatever its name has in it', () => {
  const text = joinCauses([orderCause('shop==10 01:é'), stockCause('wms-east', 'count 7:b')]);
  expect(readCauses(text)).toEqual([
    { kind: 'order', id: 'shop==10 01:é' },
    { kind: 'wms-east', id: 'count 7:b' },
  ]);
  expect(readCauses('nothing %E0%A4 :x order:%E0%A4')).toEqual([]);
});

test('an attribute never holds a part of a name, and never more than its length', () => {
  const text = joinCauses(Array.from({ length: 40 }, (_, index) => orderCause(`shop==${'9'.repeat(60)}${index}`)));
  expect(text.length).toBeLessThanOrEqual(1_000);
  expect(readCauses(text)).toHaveLength(12);
});
