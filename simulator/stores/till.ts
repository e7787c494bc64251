import type { StoreBatch, Tender, TillTransaction } from '#contracts/v1/store.ts';
import type { CatalogueItem, SaleCurrency } from '../catalogue/catalogue.ts';
import type { Random } from '../random.ts';

/** What a store remembers between its batches, over restarts too. Amounts in cents. */
export interface StoreRecord {
  nextSequence: number;
  nextReceipt: number;
  /** The trading day that is open, and the first batch of it. */
  date: string;
  firstSequence: number;
  takings: Partial<Record<Tender, number>>;
  tax: number;
  /** Batches that the back office has not accepted yet, oldest first. */
  kept: StoreBatch[];
}

export interface StoreSetup {
  id: string;
  currency: SaleCurrency;
  items: readonly CatalogueItem[];
  /** What is counted once the day is over and its delivery has come. */
  counted: readonly CatalogueItem[];
}

/** What was ordered online and is brought to a till, which leaves the money to whoever took it. */
export type BroughtBack = Required<Pick<TillTransaction, 'online_order' | 'lines'>>;

/** Sales tax of all stores, in parts of a million. */
const TAX_PPM = 88_750;

/** Tills of a store; each counts its own receipts, and customers take turns at them. */
const TILLS = 3;

/** As it stands on the receipt: till and number. @param nth of the store's receipts, from 1. */
const receiptNumber = (nth: number): string =>
  `${((nth - 1) % TILLS) + 1}-${String(Math.ceil(nth / TILLS)).padStart(4, '0')}`;

const money = (cents: number): string => (cents / 100).toFixed(2);

export const newStore = (date: string): StoreRecord => ({
  nextSequence: 1,
  nextReceipt: 1,
  date,
  firstSequence: 1,
  takings: {},
  tax: 0,
  kept: [],
});

/**
 * What the tills did since the last batch, and the end of the day where `today` is another one than that which is open.
 * The batch is kept with the record until somebody takes it.
 * @param back online orders that were brought back.
 */
export function nextBatch(
  store: StoreSetup,
  before: StoreRecord,
  random: Random,
  { now, today, receipts, back = [] }: { now: Date; today: string; receipts: number; back?: readonly BroughtBack[] },
): StoreRecord {
  const record = { ...before, takings: { ...before.takings } };
  const transactions: TillTransaction[] = [];
  for (let i = 0; i < receipts; i++) transactions.push(receipt(store, record, random, now));
  for (const brought of back) {
    const id = receiptNumber(record.nextReceipt++);
    transactions.push({ id, kind: 'return', at: now.toISOString(), tenders: [], ...brought });
  }
  const ends = today !== record.date;
  const batch: StoreBatch = {
    schema_version: 1,
    store: store.id,
    sequence: record.nextSequence++,
    business_date: record.date,
    generated_at: now.toISOString(),
    currency: store.currency,
    backlog: 0,
    transactions,
    counts: ends ? store.counted.map(({ sku }) => ({ sku, on_hand: random.int(2, 20) })) : [],
    ...(ends ? { end_of_day: endOfDay(record, random) } : {}),
  };
  const kept = [...record.kept, batch];
  if (!ends) return { ...record, kept };
  return { ...record, kept, date: today, firstSequence: record.nextSequence, takings: {}, tax: 0 };
}

function receipt({ currency, items }: StoreSetup, record: StoreRecord, random: Random, now: Date): TillTransaction {
  const kind = random.next() < 0.06 ? 'return' : 'sale';
  const lines = Array.from({ length: random.int(1, 3) }, () => {
    const item = random.pick(items);
    const quantity = random.int(1, 2);
    const net = item.priceCents[currency] * quantity;
    return { sku: item.sku, quantity, net, tax: Math.round((net * TAX_PPM) / 1_000_000) };
  });
  const tax = lines.reduce((sum, line) => sum + line.tax, 0);
  const total = lines.reduce((sum, line) => sum + line.net, tax);
  const draw = random.next();
  const tender: Tender = draw < 0.25 ? 'cash' : draw < 0.95 ? 'card' : 'gift_card';
  const sign = kind === 'sale' ? 1 : -1;
  record.takings[tender] = (record.takings[tender] ?? 0) + sign * total;
  record.tax += sign * tax;
  return {
    id: receiptNumber(record.nextReceipt++),
    kind,
    at: now.toISOString(),
    lines: lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      net: money(line.net),
      taxes: [{ code: 'sales', amount: money(line.tax) }],
    })),
    tenders: [{ tender, amount: money(total) }],
  };
}

/** One day in a hundred the tax was typed wrongly; one in five the drawer is some cents short. */
function endOfDay({ firstSequence, takings, tax }: StoreRecord, random: Random): StoreBatch['end_of_day'] {
  const short = random.next() < 0.2 ? random.int(1, 95) : 0;
  return {
    first_sequence: firstSequence,
    takings: (['cash', 'card', 'gift_card'] as const).map((tender) => ({
      tender,
      amount: money(takings[tender] ?? 0),
    })),
    tax: money(random.next() < 0.01 ? tax + 90 : tax),
    counted_cash: money(Math.max(0, (takings.cash ?? 0) - short)),
  };
}
