import type { Estate, Location } from '#contracts/v1/estate.ts';
import { journal, type Journal } from '#contracts/v1/journal.ts';
import type { EndOfDay, Tender } from '#contracts/v1/store.ts';
import { Decimal, minorDigits, sumAmounts } from '#sync-engine/money.ts';
import type { DayTotals } from '../store-data.ts';

interface Day {
  store: Location;
  businessDate: string;
  currency: string;
  totals: DayTotals;
  end: EndOfDay;
  postingKey: string;
}

/** Account of each tender; what cash comes to is what was counted. */
const accountOf: Readonly<Record<Tender, string>> = {
  cash: 'cash',
  card: 'card-clearing',
  gift_card: 'gift-cards',
};

/**
 * What a store's day moves between accounts, by whose sales they are (docs/stores.md). Pure.
 * @returns why there is nothing to post, where there is nothing.
 */
export function dayJournal(day: Day): Journal | { nothing: string } {
  const ownership = day.store.store?.ownership ?? 'owned';
  const moves = movesOf[ownership](day);
  const lines = moves.flatMap(([account, amount]) => line(account, amount));
  if (lines.length === 0)
    return {
      nothing:
        ownership === 'franchise'
          ? 'The sales of a franchise are its own; nothing is posted.'
          : 'Nothing was taken that day.',
    };
  return journal.parse({
    schema_version: 1,
    posting_key: day.postingKey,
    legal_entity: day.store.legal_entity,
    currency: day.currency,
    date: day.businessDate,
    memo: `${day.store.name}, ${memoOf[ownership]} of ${day.businessDate}`,
    lines,
  });
}

/** An account and what it is debited with; below zero it is credited. */
type Move = readonly [account: string, debit: string];

const negated = (amount: string) => new Decimal(amount).negated().toFixed();

function takings({ totals, end }: Day): Move[] {
  const { cash = '0.00', ...others } = totals.tenders;
  return [
    [accountOf.cash, end.counted_cash],
    ...(['card', 'gift_card'] as const).map((name): Move => [accountOf[name], others[name] ?? '0']),
    ['over-short', sumAmounts([cash, negated(end.counted_cash)])],
    ['sales-returns', totals.returns],
    ['sales', negated(totals.sales)],
    ['sales-tax', negated(totals.tax)],
    ...onlineReturns(totals),
  ];
}

/**
 * What was paid out for online orders that came back, until it is cleared by the credits of those orders; where the money
 * was not ours, it is owed to whose it was.
 */
function onlineReturns({ online_returns: paid = '0' }: DayTotals, owedOn?: string): Move[] {
  return [['online-returns', paid], ...(owedOn === undefined ? [] : [[owedOn, negated(paid)] as const])];
}

function commission({ store, totals, currency }: Day): Move[] {
  const percent = store.store?.commission_percent ?? '0';
  const net = new Decimal(totals.sales).minus(totals.returns);
  const due = net.times(percent).dividedBy(100).toFixed(minorDigits(currency));
  return [
    ['concession-clearing', due],
    ['commission-income', negated(due)],
    ...onlineReturns(totals, 'concession-clearing'),
  ];
}

const movesOf: Readonly<Record<'owned' | 'concession' | 'franchise', (day: Day) => Move[]>> = {
  owned: takings,
  concession: commission,
  franchise: ({ totals }) => onlineReturns(totals, 'franchise-clearing'),
};
const memoOf = { owned: 'takings', concession: 'commission', franchise: 'online returns' } as const;

function line(account: string, debit: string) {
  const amount = new Decimal(debit);
  if (amount.isZero()) return [];
  const text = sumAmounts([amount.abs().toFixed(), '0.00']);
  return [amount.isPositive() ? { account, debit: text } : { account, credit: text }];
}

/** Who keeps the books of a store. @throws Error where the estate no longer declares them. */
export function entityOf(estate: Pick<Estate, 'legal_entities'>, { legal_entity }: Location) {
  const entity = estate.legal_entities.find(({ id }) => id === legal_entity);
  if (entity === undefined) throw new Error(`the estate no longer declares the legal entity "${legal_entity}"`);
  return entity;
}
