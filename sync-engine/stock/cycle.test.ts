import { describe, expect, test } from 'vitest';
import { AT, change, Partition, reserve, ship } from '#tests/fixtures/stock-partition.ts';
import { apply } from './apply.ts';
import type { StockCommand } from './commands.ts';
import type { StockFact } from './journal.ts';

describe('publication cycles', () => {
  test('last from the first unpublished change until every push channel has confirmed', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10));
    partition.run(reserve('o1', 1));
    partition.publish('web', 'A');
    partition.publish('outlet', 'A');
    const mine = partition.outcomes.filter((outcome) => outcome.sku === 'A');
    expect(mine.map(({ cycle, ordinal, closes, detail }) => [cycle, ordinal, closes, detail.kind])).toEqual([
      [2, 1, false, 'changed'],
      [2, 2, false, 'changed'],
      [2, 3, false, 'published'],
      [2, 4, true, 'published'],
    ]);
    expect(partition.item('A').cycle).toBeUndefined();
  });

  test('of items that only pulling channels offer end with the change itself', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { location: 'store' }));
    expect(partition.outcomes.at(-1)).toMatchObject({ location: 'store', closes: true });
  });

  test('need no call where the offered quantity did not change', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { location: 'west' }));
    partition.run(reserve('o1', 4, 'west'));
    partition.publish('web', 'A', 'west');
    partition.run({ ...ship('o1', 's1', 4), location: 'west' } as StockCommand);
    expect(partition.item('A', 'west')).toMatchObject({ on_hand: 6, reserved: 0 });
    expect(partition.outcomes.at(-1)).toMatchObject({ closes: true, behind: [], detail: { kind: 'changed' } });
  });

  test('go on as a new one where the item changed while it was being published', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { location: 'west' }));
    const published = { sku: 'A', location: 'west', version: 1, quantity: 10, sent_at: AT, confirmed_at: AT };
    partition.run(reserve('o1', 4, 'west'));
    partition.run({ type: 'published', channel: 'web', items: [published] });
    expect(partition.outcomes.at(-1)).toMatchObject({ closes: true, behind: ['web'], detail: { version: 1 } });
    partition.publish('web', 'A', 'west');
    expect(partition.outcomes.at(-1)).toMatchObject({ cycle: 4, ordinal: 1, closes: true, behind: [] });
  });

  test('ignore a confirmation of an older version than the one confirmed', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { location: 'west' }));
    partition.run(reserve('o1', 4, 'west'));
    partition.publish('web', 'A', 'west');
    const outcomes = partition.outcomes.length;
    const older = { sku: 'A', location: 'west', version: 1, quantity: 10, sent_at: AT, confirmed_at: AT };
    partition.run({ type: 'published', channel: 'web', items: [older] });
    expect(partition.item('A', 'west').channels['web']).toEqual({ version: 2, quantity: 6, sent_at: AT });
    expect(partition.outcomes).toHaveLength(outcomes);
  });

  test('are cut where a channel stays behind for long, and say which', () => {
    const partition = new Partition();
    for (let i = 0; i < 250; i++) partition.run(change('A', 'receipt', 1));
    const cut = partition.outcomes.filter((outcome) => outcome.detail.kind === 'continued');
    expect(cut).toMatchObject([{ closes: true, ordinal: 201, detail: { behind: ['web', 'outlet'] } }]);
    expect(partition.item('A').pending.length).toBeLessThanOrEqual(64);
  });

  test('start again where configuration changes what a channel is offered', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { location: 'west' }));
    partition.publish('web', 'A', 'west');
    const offered: StockFact = {
      fact: 'offered',
      offering: { west: { safety_stock: 3, channels: { web: { allocation_percent: 100, publication: 'push' } } } },
    };
    apply(partition.state, { v: 1, n: partition.state.n + 1, writer: 'w', at: AT, facts: [offered] });
    expect(partition.item('A', 'west').channels['web']).toEqual({ version: -1, quantity: -1 });
  });
});
