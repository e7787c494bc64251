import type { StoreBatch } from '#contracts/v1/store.ts';
import type { SaleCurrency } from '../catalogue/catalogue.ts';
import { isSeeded, STORE_ITEMS } from '../catalogue/initial-stock.ts';
import { pause } from '../intake-client.ts';
import type { Random } from '../random.ts';
import { signPos } from '../sign.ts';
import type { TrafficContext } from '../traffic/traffic.ts';
import { type BroughtBack, newStore, nextBatch, type StoreRecord, type StoreSetup } from './till.ts';

/** Stores that have never traded tell of yesterday within this share of the time between two batches. */
const FIRST_SHARE = 0.2;

export interface StoreTraffic {
  /** Stores sell and forward until the signal. */
  run: (signal: AbortSignal) => Promise<void>;
  /** Cuts off a share of the stores: they keep their batches until the answer is called, and then all forward at once. */
  cutOff: (share: number) => () => void;
  /** A customer brings what was ordered online to a store that sells in this currency; false where there is none. */
  takeBack: (currency: string, brought: BroughtBack) => boolean;
  status: () => { stores: number; kept: number };
}

/**
 * Stores with tills, where the estate has a system of kind `pos`.
 * @param intervalMs between two batches of a store.
 */
export function createStoreTraffic(context: TrafficContext, random: Random, intervalMs: number): StoreTraffic {
  const { estate, catalogue, store, intake } = context;
  const system = estate.systems.find(({ kind }) => kind === 'pos');
  const records = store.collection<StoreRecord>('stores', 1000);
  const items = catalogue.active.slice(0, STORE_ITEMS);
  const stores = system === undefined || items.length === 0 ? [] : storesOf(context, items);
  const cut = new Set<string>();
  const forwarding = new Set<string>();

  const deliver = (batch: StoreBatch): Promise<boolean> => {
    if (system === undefined) return Promise.resolve(false);
    const body = JSON.stringify(batch);
    return intake.deliver({
      method: 'POST',
      path: '/intake/pos',
      headers: {
        'content-type': 'application/json',
        'x-pos-system': system.id,
        'x-pos-topic': 'store.batch',
        'x-pos-signature': signPos(body, context.setting(system.id, system.settings, 'webhook_secret')),
        'x-syncline-origin': 'simulated',
      },
      body,
    });
  };

  /** Oldest first, each only once the one before it was answered. */
  const forward = async (id: string, signal: AbortSignal) => {
    if (forwarding.has(id)) return;
    forwarding.add(id);
    try {
      for (;;) {
        const record = records.get(id);
        const [batch, ...rest] = record?.kept ?? [];
        if (record === undefined || batch === undefined || cut.has(id) || signal.aborted) return;
        // One in fifty is sent twice, as by a store whose line broke before the answer came.
        const twice = random.next() < 0.02;
        if (twice) await deliver({ ...batch, backlog: rest.length });
        await deliver({ ...batch, backlog: rest.length });
        if (signal.aborted) return;
        const now = records.get(id) ?? record;
        records.put(id, { ...now, kept: now.kept.filter(({ sequence }) => sequence !== batch.sequence) });
      }
    } finally {
      forwarding.delete(id);
    }
  };

  const trade = async (setup: StoreSetup, signal: AbortSignal) => {
    const first = records.get(setup.id) === undefined ? intervalMs * FIRST_SHARE : intervalMs;
    for (let wait = random.next() * first; !signal.aborted; wait = intervalMs) {
      await pause(wait, signal);
      if (signal.aborted) return;
      const now = new Date();
      const today = dayOf(now);
      const known = records.get(setup.id);
      const record = known ?? newStore(dayOf(new Date(now.getTime() - 86_400_000)));
      // A new store begins with what it took yesterday.
      const receipts = known === undefined ? random.int(15, 40) : random.int(0, 4);
      records.put(setup.id, nextBatch(setup, record, random, { now, today, receipts }));
      void forward(setup.id, signal);
    }
  };

  let stopping: AbortSignal | undefined;
  return {
    run: async (signal) => {
      stopping = signal;
      await Promise.all(stores.map((setup) => trade(setup, signal)));
    },
    cutOff: (share) => {
      for (const { id } of stores) if (random.next() < share) cut.add(id);
      return () => {
        const back = [...cut];
        cut.clear();
        if (stopping !== undefined) for (const id of back) void forward(id, stopping);
      };
    },
    takeBack: (currency, brought) => {
      const open = stores.filter(({ id, currency: sold }) => sold === currency && records.get(id) !== undefined);
      if (open.length === 0 || stopping === undefined) return false;
      const setup = random.pick(open);
      const record = records.get(setup.id) ?? newStore(dayOf(new Date()));
      const still = { now: new Date(), today: record.date, receipts: 0 };
      records.put(setup.id, nextBatch(setup, record, random, { ...still, back: [brought] }));
      void forward(setup.id, stopping);
      return true;
    },
    status: () => ({
      stores: stores.length,
      kept: [...records.values()].reduce((sum, { kept }) => sum + kept.length, 0),
    }),
  };
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

function storesOf({ estate }: TrafficContext, items: StoreSetup['items']): StoreSetup[] {
  return estate.locations.flatMap((location) => {
    const { id, kind, legal_entity } = location;
    const currency = estate.legal_entities.find((entity) => entity.id === legal_entity)?.currency;
    if (kind !== 'store' || currency === undefined || !isSold(currency)) return [];
    return [{ id, currency, items, counted: isSeeded(location) ? [] : items }];
  });
}

const isSold = (currency: string): currency is SaleCurrency => ['USD', 'EUR', 'GBP'].includes(currency);
