import { describe, expect, test } from 'vitest';
import { change, Partition, reserve, ship } from '#tests/fixtures/stock-partition.ts';

describe('reservations', () => {
  test('are refused when less is available to promise than wanted, and say what is', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    expect(partition.run(reserve('o1', 4), reserve('o2', 2))).toEqual([
      { type: 'reserve', ok: true, location: 'east', short: [] },
      {
        type: 'reserve',
        ok: false,
        location: 'east',
        short: [{ sku: 'A', location: 'east', wanted: 2, available: 1 }],
      },
    ]);
    expect(partition.item('A').reserved).toBe(4);
  });

  test('may use safety stock, which only holds back what is offered', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 2));
    expect(partition.run(reserve('o1', 2))[0]).toMatchObject({ ok: true });
  });

  test('take all lines or none', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    const lines = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 1 },
    ];
    const [reply] = partition.run({ type: 'reserve', order_key: 'o1', location: 'east', lines });
    expect(reply).toMatchObject({ ok: false, short: [{ sku: 'B', wanted: 1, available: 0 }] });
    expect(partition.item('A').reserved).toBe(0);
  });

  test('count lines of the same SKU together', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    const lines = [
      { sku: 'A', quantity: 3 },
      { sku: 'A', quantity: 3 },
    ];
    const [reply] = partition.run({ type: 'reserve', order_key: 'o1', location: 'east', lines });
    expect(reply).toMatchObject({ ok: false, short: [{ wanted: 6, available: 5 }] });
  });

  test('say who holds something of an item, until it has left', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 9), change('B', 'count', 9));
    partition.run(reserve('o1', 2), reserve('o2', 1), reserve('o3', 1, 'east', 'B'), ship('o1', 's1', 1));
    const holding = expect.arrayContaining(['o1', 'o2']) as string[];
    expect(partition.run({ type: 'holders', skus: ['A'] })).toMatchObject([{ order_keys: holding, more: false }]);
    expect(partition.run(ship('o2', 's2', 1), { type: 'holders', skus: ['A'] })[1]).toMatchObject({
      order_keys: ['o1'],
    });
    for (let n = 10; n < 2_020; n++) partition.run(change('C', 'receipt', 1), reserve(`o${n}`, 1, 'east', 'C'));
    const asked = (after?: string) => {
      const [reply] = partition.run({ type: 'holders', skus: ['C'], ...(after !== undefined && { after }) });
      if (reply?.type !== 'holders') throw new Error('no answer');
      return reply;
    };
    const first = asked();
    expect(first.more).toBe(true);
    const second = asked(first.order_keys.at(-1));
    expect(second.more).toBe(false);
    expect(new Set([...first.order_keys, ...second.order_keys]).size).toBe(2_010);
    expect(first.order_keys.length + second.order_keys.length).toBe(2_010);
    expect(asked('gone')).toEqual(first);
  });

  test('repeated change nothing and write nothing', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    partition.run(reserve('o1', 4));
    const entries = partition.journal.length;
    expect(partition.run(reserve('o1', 4))[0]).toMatchObject({ ok: true });
    expect(partition.item('A').reserved).toBe(4);
    expect(partition.journal).toHaveLength(entries);
  });

  test('of an edited order replace what it held', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    partition.run(reserve('o1', 4));
    expect(partition.run(reserve('o1', 5))[0]).toMatchObject({ ok: true });
    expect(partition.item('A').reserved).toBe(5);
  });

  test('held at another location are pointed out, not doubled', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5), change('A', 'count', 5, { location: 'west' }));
    partition.run(reserve('o1', 4));
    expect(partition.run(reserve('o1', 4, 'west'))[0]).toMatchObject({ ok: false, elsewhere: 'east' });
    partition.run({ type: 'release', order_key: 'o1' });
    expect(partition.run(reserve('o1', 4, 'west'))[0]).toMatchObject({ ok: true });
    expect([partition.item('A').reserved, partition.item('A', 'west').reserved]).toEqual([0, 4]);
  });

  test('may be released twice', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    partition.run(reserve('o1', 4));
    expect(partition.run({ type: 'release', order_key: 'o1' }, { type: 'release', order_key: 'o1' })).toEqual([
      { type: 'release', released: true },
      { type: 'release', released: false },
    ]);
    expect(partition.item('A').reserved).toBe(0);
  });
});

describe('shipments', () => {
  test('leave the hand and the reservation once, however often they are told', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 5));
    partition.run(reserve('o1', 4));
    partition.run(ship('o1', 's1', 3));
    expect(partition.run(ship('o1', 's1', 3))[0]).toMatchObject({ repeated: true });
    expect(partition.item('A')).toMatchObject({ on_hand: 2, reserved: 1 });
    partition.run(ship('o1', 's2', 1));
    expect(partition.run(ship('o1', 's2', 1))[0]).toMatchObject({ repeated: true });
    expect(partition.item('A')).toMatchObject({ on_hand: 1, reserved: 0 });
  });

  test('of goods nobody reserved are recorded and reported where they take stock below zero', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 1));
    const [reply] = partition.run(ship('o1', 's1', 3));
    expect(reply).toMatchObject({ negative: [{ sku: 'A', on_hand: -2 }] });
  });
});

describe('stock changes', () => {
  test('of a source never overwrite its newer ones', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { version: 7 }));
    expect(partition.run(change('A', 'count', 3, { version: 6 }))[0]).toMatchObject({ outcome: 'superseded' });
    expect(partition.run(change('A', 'sale', -1, { version: 5 }))[0]).toMatchObject({ outcome: 'superseded' });
    expect(partition.run(change('A', 'sale', -1, { version: 8 }))[0]).toMatchObject({ outcome: 'applied' });
    expect(partition.run(change('A', 'count', 3, { version: 7 }))[0]).toMatchObject({ outcome: 'superseded' });
    expect(partition.item('A').on_hand).toBe(9);
  });

  test('of different sources do not order one another', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10, { version: 700 }));
    expect(partition.run(change('A', 'receipt', 5, { version: 1, source: 'erp' }))[0]).toMatchObject({
      outcome: 'applied',
      position: { on_hand: 15 },
    });
  });

  test('delivered twice count once', () => {
    const partition = new Partition();
    const receipt = change('A', 'receipt', 10);
    expect(partition.run(receipt, receipt)).toMatchObject([{ outcome: 'applied' }, { outcome: 'repeated' }]);
    expect(partition.item('A').on_hand).toBe(10);
  });

  test('from a till may take on hand below zero, and the answer says so', () => {
    const partition = new Partition();
    expect(partition.run(change('A', 'sale', -2))[0]).toMatchObject({ position: { on_hand: -2 } });
    expect(partition.run(reserve('o1', 1))[0]).toMatchObject({ ok: false, short: [{ available: -2 }] });
  });

  test('that leave for another location are in transit there until received', () => {
    const partition = new Partition();
    partition.run(change('A', 'count', 10));
    partition.run(change('A', 'transfer_out', -4, { counterpart: 'west' }));
    expect(partition.item('A', 'west')).toMatchObject({ on_hand: 0, in_transit: 4 });
    partition.run(change('A', 'transfer_in', 4, { location: 'west' }));
    expect(partition.item('A', 'west')).toMatchObject({ on_hand: 4, in_transit: 0 });
    expect(partition.item('A').on_hand).toBe(6);
  });
});
