import { describe, expect, test } from 'vitest';
import { AT, change, Partition, reserve } from '#tests/fixtures/stock-partition.ts';
import type { StockCommandInput } from './commands.ts';
import { fromDocument, toDocument } from './state.ts';

describe('a channel that shows another quantity than it confirmed', () => {
  const drifted = (drift_id: string, confirmed: number, shown: number, channel = 'web'): StockCommandInput => ({
    type: 'drifted',
    ...{ drift_id, channel, sku: 'A', location: 'west', confirmed, shown },
  });
  const due = { type: 'drifted', outcome: 'due' };
  const outdated = { type: 'drifted', outcome: 'outdated' };
  const contested = { type: 'drifted', outcome: 'contested' };
  const published = (quantity: number): Partition => {
    const partition = new Partition();
    partition.run(change('A', 'count', quantity, { location: 'west' }));
    partition.publish('web', 'A', 'west');
    return partition;
  };

  test('is told again, in a cycle that says why, while nothing on hand changes', () => {
    const partition = published(10);
    expect(partition.run(drifted('d1', 10, 17))).toEqual([due]);
    expect(partition.outcomes.at(-1)).toMatchObject({
      ordinal: 1,
      behind: ['web'],
      onHand: 10,
      detail: { kind: 'changed', reasons: ['channel_drift'], superseded: false },
    });
    expect(partition.item('A', 'west').version).toBe(2);
    partition.publish('web', 'A', 'west');
    expect(partition.outcomes.at(-1)).toMatchObject({ closes: true, ordinal: 2, detail: { quantity: 10, version: 2 } });
  });

  test('leaves the other channels of the item alone', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10));
    // Web is offered all but the safety stock, the outlet half of it.
    const at = { sku: 'A', location: 'east', version: 1, sent_at: AT, confirmed_at: AT };
    partition.run({ type: 'published', channel: 'web', items: [{ ...at, quantity: 8 }] });
    partition.run({ type: 'published', channel: 'outlet', items: [{ ...at, quantity: 4 }] });
    const command = { drift_id: 'd1', channel: 'outlet', sku: 'A', location: 'east', confirmed: 4, shown: 0 };
    expect(partition.run({ type: 'drifted', ...command })).toEqual([due]);
    expect(partition.outcomes.at(-1)?.behind).toEqual(['outlet']);
  });

  test('is not told again of what it was told or is about to be told since it was asked', () => {
    const partition = published(10);
    partition.run(reserve('o1', 4, 'west'));
    expect(partition.run(drifted('d1', 10, 17))).toEqual([outdated]);
    partition.publish('web', 'A', 'west');
    // Asked before that, it still showed what it had been told last.
    expect(partition.run(drifted('d1', 10, 17), drifted('d2', 6, 6))).toEqual([outdated, outdated]);
    expect(partition.item('A', 'west').version).toBe(2);
  });

  test('is none that was never told, nor one that refused the item', () => {
    const partition = published(10);
    expect(partition.run(drifted('d1', 10, 17, 'market'))).toEqual([outdated]);
    partition.run(reserve('o1', 4, 'west'));
    const refused = { sku: 'A', location: 'west', version: 2, quantity: 6, sent_at: AT, confirmed_at: AT };
    const error = { code: 'GONE', message: 'no such item' };
    partition.run({ type: 'published', channel: 'web', items: [{ ...refused, error }] });
    expect(partition.run(drifted('d2', 6, 17))).toEqual([outdated]);
  });

  test('is told so once for each drift, however often it is reported', () => {
    const partition = published(10);
    expect(partition.run(drifted('d1', 10, 17), drifted('d1', 10, 17), drifted('d2', 10, 17))).toEqual([
      due,
      due,
      outdated,
    ]);
    partition.publish('web', 'A', 'west');
    expect(partition.run(drifted('d1', 10, 17))).toEqual([due]);
    expect(partition.item('A', 'west').version).toBe(2);
  });

  test('is contested where it shows more than the same quantity again, until it confirms another one', () => {
    const partition = published(10);
    partition.run(drifted('d1', 10, 17));
    partition.publish('web', 'A', 'west');
    const entries = partition.journal.length;
    expect(partition.run(drifted('d2', 10, 17), drifted('d3', 10, 18))).toEqual([contested, contested]);
    expect(partition.journal).toHaveLength(entries);
    partition.run(change('A', 'receipt', 1, { location: 'west' }));
    partition.publish('web', 'A', 'west');
    expect(partition.run(drifted('d4', 11, 17))).toEqual([due]);
  });

  test('is told again as often as it shows less, which it may have sold', () => {
    const partition = published(10);
    const outcomes = ['d1', 'd2', 'd3'].map((id) => {
      const reply = partition.run(drifted(id, 10, 9));
      partition.publish('web', 'A', 'west');
      return reply;
    });
    expect(outcomes).toEqual([[due], [due], [due]]);
    expect(partition.run(drifted('d4', 10, 17))).toEqual([due]);
  });

  test('is noticed too in the batch of a change that leaves its quantity as it was', () => {
    const partition = published(10);
    const other = change('A', 'receipt', 0, { location: 'west' });
    expect(partition.run(other, drifted('d1', 10, 17))).toEqual([expect.objectContaining({ type: 'change' }), due]);
    expect(partition.outcomes.at(-1)?.behind).toEqual(['web']);
  });

  test('is found in the positions with what it confirmed and when that was sent', () => {
    const partition = published(10);
    const confirmed = { web: { quantity: 10, sent_at: AT } };
    expect(partition.run({ type: 'read', skus: ['A'] })).toMatchObject([{ positions: [{ confirmed }] }]);
  });

  test('is known in a snapshot from before moments of sending were kept', () => {
    const partition = published(10);
    const item = partition.item('A', 'west');
    const web = { version: item.version, quantity: 10 };
    const older = { ...toDocument(partition.state), items: [{ ...item, channels: { web } }] };
    partition.state = fromDocument(JSON.parse(JSON.stringify(older)));
    expect(partition.run(drifted('d1', 10, 17))).toEqual([due]);
  });
});
