import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, applyFact } from './apply.ts';
import { availableToPromise, sellable } from './availability.ts';
import { type StockCommand, stockCommand, type StockCommandInput, type StockReply } from './commands.ts';
import { closeBatch, openBatch, type Outcome } from './cycle.ts';
import { decide } from './decide.ts';
import { type JournalEntry, journalEntry, type Offering, type StockFact } from './journal.ts';
import { emptyState, fromDocument, itemKey, type StockState, toDocument } from './state.ts';

const AT = '2026-03-01T10:00:00.000Z';
const offering: Offering = {
  east: {
    safety_stock: 2,
    channels: {
      web: { allocation_percent: 100, publication: 'push' },
      outlet: { allocation_percent: 50, publication: 'push' },
      market: { allocation_percent: 30, publication: 'pull' },
    },
  },
  west: { safety_stock: 0, channels: { web: { allocation_percent: 100, publication: 'push' } } },
  store: { safety_stock: 0, channels: { market: { allocation_percent: 100, publication: 'pull' } } },
};

/** A partition as its writer runs it, without NATS: commands in batches, a journal out. */
class Partition {
  state: StockState = emptyState();
  journal: JournalEntry[] = [];
  outcomes: Outcome[] = [];

  constructor(offered: Offering = offering) {
    this.append([{ fact: 'offered', offering: offered }]);
  }

  private append(facts: StockFact[]): void {
    const entry: JournalEntry = { v: 1, n: this.state.n + 1, writer: 'w', at: AT, facts };
    this.outcomes.push(...apply(this.state, entry));
    this.journal.push(entry);
  }

  run(...commands: StockCommandInput[]): StockReply[] {
    const batch = openBatch(this.state, this.state.n + 1, AT);
    const facts: StockFact[] = [];
    const decisions = commands.map((input) => {
      const decision = decide(this.state, stockCommand.parse(input));
      for (const fact of decision.facts) applyFact(batch, fact);
      facts.push(...decision.facts);
      return decision;
    });
    if (facts.length > 0) {
      this.outcomes.push(...closeBatch(batch));
      this.journal.push(journalEntry.parse({ v: 1, n: this.state.n, writer: 'w', at: AT, facts }));
    }
    return decisions.map((decision) => decision.reply(this.state));
  }

  item(sku: string, location = 'east') {
    const item = this.state.items.get(itemKey(sku, location));
    if (!item) throw new Error(`no ${sku}@${location}`);
    return item;
  }

  /** Confirms everything due, as the channel would. */
  publish(channel: string, sku: string, location = 'east'): void {
    const item = this.item(sku, location);
    const at = { sent_at: AT, confirmed_at: AT };
    const items = [
      { sku, location, version: item.version, quantity: Math.max(0, item.on_hand - item.reserved), ...at },
    ];
    this.run({ type: 'published', channel, items });
  }
}

let changes = 0;
const change = (
  sku: string,
  reason: 'count' | 'receipt' | 'sale' | 'transfer_in' | 'transfer_out',
  quantity: number,
  rest: { version?: number; location?: string; change_id?: string; counterpart?: string; source?: string } = {},
): StockCommandInput => ({
  type: 'change',
  change: {
    schema_version: 1,
    change_id: `c${++changes}`,
    source: 'wms',
    sku,
    location: 'east',
    reason,
    quantity,
    version: changes,
    occurred_at: AT,
    ...rest,
  },
});
const reserve = (order_key: string, quantity: number, location = 'east', sku = 'A'): StockCommandInput => ({
  type: 'reserve',
  order_key,
  location,
  lines: [{ sku, quantity }],
});
const ship = (order_key: string, shipment_id: string, quantity: number): StockCommandInput => ({
  type: 'commit_shipment',
  order_key,
  shipment_id,
  location: 'east',
  lines: [{ sku: 'A', quantity }],
});

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

test('a channel is offered its rounded share of what is left above safety stock, never less than nothing', () => {
  expect(sellable({ on_hand: 11, reserved: 2 }, 2, 50)).toBe(3);
  expect(sellable({ on_hand: 1, reserved: 2 }, 0, 100)).toBe(0);
  expect(sellable({ on_hand: -5, reserved: 0 }, 2, 100)).toBe(0);
});

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

describe('whatever commands come in whatever batches', () => {
  const skus = fc.constantFrom('A', 'B', '__proto__');
  const locations = fc.constantFrom('east', 'west', 'store');
  const orders = fc.constantFrom('o1', 'o2', 'o3', 'o4');
  const lines = fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: 1, max: 6 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  const anyChange = fc
    .record({
      change_id: fc.integer({ min: 0, max: 60 }).map((id) => `id${id}`),
      source: fc.constantFrom('wms', 'pos'),
      sku: skus,
      location: locations,
      reason: fc.constantFrom('count', 'receipt', 'sale', 'return', 'adjustment'),
      quantity: fc.integer({ min: 0, max: 20 }),
      version: fc.integer({ min: 0, max: 30 }),
    })
    .map((drawn) => ({
      type: 'change' as const,
      change: {
        schema_version: 1 as const,
        ...drawn,
        quantity: drawn.reason === 'sale' ? -drawn.quantity : drawn.quantity,
        occurred_at: AT,
      },
    }));
  const command: fc.Arbitrary<StockCommandInput> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('reserve' as const), order_key: orders, location: locations, lines }),
    },
    { weight: 3, arbitrary: anyChange },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('release' as const), order_key: orders }) },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('commit_shipment' as const),
        order_key: orders,
        shipment_id: fc.constantFrom('s1', 's2', 's3'),
        location: locations,
        lines,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('published' as const),
        channel: fc.constantFrom('web', 'outlet'),
        items: fc.array(
          fc.record({
            sku: skus,
            location: locations,
            version: fc.integer({ min: 0, max: 12 }),
            quantity: fc.integer({ min: 0, max: 9 }),
            sent_at: fc.constant(AT),
            confirmed_at: fc.constant(AT),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('drifted' as const),
        drift_id: fc.constantFrom('d1', 'd2', 'd3'),
        channel: fc.constantFrom('web', 'outlet'),
        sku: skus,
        location: locations,
        confirmed: fc.integer({ min: 0, max: 3 }),
        shown: fc.integer({ min: -1, max: 9 }),
      }),
    },
  );
  const batches = fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { maxLength: 30 });

  test('no reservation is granted beyond what is available, and none is ever negative', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const partition = new Partition();
        for (const commands of drawn) {
          for (const one of commands) {
            const before = new Map([...partition.state.items].map(([key, item]) => [key, availableToPromise(item)]));
            partition.run(one);
            for (const [key, item] of partition.state.items) {
              expect(item.reserved).toBeGreaterThanOrEqual(0);
              const fell = availableToPromise(item) < (before.get(key) ?? 0);
              if (one.type === 'reserve' && fell) expect(availableToPromise(item)).toBeGreaterThanOrEqual(0);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('on hand is what changes brought less what was shipped, and reserved what orders hold', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const partition = new Partition();
        for (const commands of drawn) partition.run(...commands);
        const onHand = new Map<string, number>();
        const add = (key: string, by: number): void => void onHand.set(key, (onHand.get(key) ?? 0) + by);
        for (const { facts } of partition.journal) {
          for (const fact of facts) {
            if (fact.fact === 'changed') add(itemKey(fact.change.sku, fact.change.location), fact.delta);
            if (fact.fact === 'shipped')
              for (const line of fact.lines) add(itemKey(line.sku, fact.location), -line.quantity);
          }
        }
        const reserved = new Map<string, number>();
        for (const order of partition.state.openOrders.values()) {
          for (const line of order.lines) {
            const key = itemKey(line.sku, order.location);
            reserved.set(key, (reserved.get(key) ?? 0) + line.open);
          }
        }
        for (const [key, item] of partition.state.items) {
          expect(item.on_hand).toBe(onHand.get(key) ?? 0);
          expect(item.reserved).toBe(reserved.get(key) ?? 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('replaying the journal, also from a snapshot in its middle, gives the same state and the same outcomes', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (drawn, cut) => {
        const partition = new Partition();
        for (const commands of drawn) partition.run(...commands);
        let state = emptyState();
        const outcomes: Outcome[] = [];
        const middle = cut % partition.journal.length;
        partition.journal.forEach((entry, index) => {
          const stored: unknown = JSON.parse(JSON.stringify(entry));
          outcomes.push(...apply(state, journalEntry.parse(stored)));
          if (index === middle) state = fromDocument(JSON.parse(JSON.stringify(toDocument(state))));
        });
        expect(toDocument(state)).toEqual(toDocument(partition.state));
        expect(outcomes).toEqual(partition.outcomes);
      }),
      { numRuns: 150 },
    );
  });

  test('the outcomes of every cycle are numbered without a gap and only the last one closes it', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const partition = new Partition();
        for (const commands of drawn) partition.run(...commands);
        const cycles = new Map<string, Outcome[]>();
        for (const outcome of partition.outcomes) {
          const key = `${outcome.sku}@${outcome.location}@${outcome.cycle}`;
          cycles.set(key, [...(cycles.get(key) ?? []), outcome]);
        }
        for (const outcomes of cycles.values()) {
          expect(outcomes.map((outcome) => outcome.ordinal)).toEqual(outcomes.map((_, index) => index + 1));
          expect(outcomes.slice(0, -1).filter((outcome) => outcome.closes)).toEqual([]);
        }
        for (const item of partition.state.items.values()) {
          const last = partition.outcomes.findLast(
            (outcome) => outcome.sku === item.sku && outcome.location === item.location,
          );
          if (last && item.cycle === undefined) expect(last.closes).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
