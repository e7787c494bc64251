import { accuracyOf } from '#contracts/v1/reconciliation.ts';
import { figures } from '#app/figures.ts';
import { figureDuration, formatDecimal, formatNumber, formatRough } from '#app/format.ts';
import { reconciliationPath, runPath } from '#app/reconciliation/paths.ts';
import type { OpenBreaks, RunRow } from '#app/queries/reconciliation.ts';
import type { RatesInForce } from '#platform/rates.ts';
import { percent, type TileView } from './live-tiles.ts';
import { inReportingCurrency, ratesInWords } from './money-sum.ts';

const plain = { change: undefined, spark: undefined, target: '' } as const;
const day = 86_400_000;

/** The figures of the page, each of the latest comparison that came to an end. Pure. */
export function presentOverview(
  latest: readonly RunRow[],
  open: readonly OpenBreaks[],
  rates: RatesInForce,
  now: number,
): TileView[] {
  return [
    breaksTile('orders', open, rates, now),
    accuracyTile(latest.find(({ kind }) => kind === 'stock')),
    breaksTile('operational', open, rates, now),
    breaksTile('accounting', open, rates, now),
    lagTile(latest.filter(({ kind }) => kind === 'finance')),
  ];
}

/** Inventory accuracy of the latest comparison of stock. */
export function accuracyTile(run: RunRow | undefined): TileView {
  const accuracy = run && accuracyOf(run);
  const shared = { ...plain, id: 'accuracy', figure: figures.inventoryAccuracy };
  if (run === undefined || accuracy === undefined)
    return {
      ...shared,
      value: '–',
      unit: '',
      condition: 'none',
      word: 'nothing compared yet',
      beside: [],
      to: reconciliationPath,
    };
  const off = run.compared - run.agreeing;
  return {
    ...shared,
    value: percent(accuracy),
    unit: '%',
    condition: off === 0 ? 'good' : accuracy >= 0.99 ? 'warn' : 'bad',
    word: off === 0 ? 'every side agrees' : `${formatNumber(off)} of ${formatNumber(run.compared)} differ`,
    beside: [
      { text: `${formatNumber(run.undecided)} in motion, undecided`, condition: 'none' },
      ...(run.status === 'incomplete' ? [{ text: 'a side could not be read', condition: 'warn' as const }] : []),
    ],
    to: runPath(run.run_id),
  };
}

const breakFigures = {
  operational: figures.operationalBreaks,
  accounting: figures.accountingBreaks,
  orders: figures.missingOrders,
} as const;

function breaksTile(
  domain: OpenBreaks['domain'],
  open: readonly OpenBreaks[],
  rates: RatesInForce,
  now: number,
): TileView {
  const own = open.filter((one) => one.domain === domain);
  const count = own.reduce((sum, { breaks }) => sum + breaks, 0);
  const unassigned = own.reduce((sum, one) => sum + one.unassigned, 0);
  const oldest = own.map(({ oldest_at }) => oldest_at).sort()[0];
  const age = oldest === undefined ? 0 : Math.max(0, now - Date.parse(oldest));
  const money = own.filter(({ currency }) => currency !== '');
  const sum = inReportingCurrency(
    money.map(({ currency, amount }) => [currency, amount]),
    rates,
  );
  return {
    ...plain,
    id: domain,
    figure: { ...breakFigures[domain], ...(money.length === 0 ? {} : { rates: ratesInWords(rates) }) },
    value: formatNumber(count),
    unit: domain === 'orders' ? 'missing' : 'open',
    condition: count === 0 ? 'good' : age > day ? 'bad' : 'warn',
    word: count === 0 ? (domain === 'orders' ? 'none missing' : 'none open') : `oldest ${formatRough(age)}`,
    beside: [
      ...(count === 0 ? [] : [{ text: `${formatNumber(unassigned)} without an owner`, condition: 'none' as const }]),
      ...(money.length === 0
        ? []
        : [
            {
              text: `${formatDecimal(sum.amount, 2)} ${sum.currency}${domain === 'orders' ? '' : ' apart'}`,
              condition: 'none' as const,
            },
          ]),
    ],
    to: `${reconciliationPath}?domain=${domain}`,
  };
}

/** The slowest of the latest comparisons of money. */
function lagTile(runs: readonly RunRow[]): TileView {
  const lags = runs.flatMap((run) =>
    run.finished_at === '' ? [] : [{ run, ms: Date.parse(run.finished_at) - Date.parse(run.to) }],
  );
  const worst = lags.sort((a, b) => b.ms - a.ms)[0];
  const shared = { ...plain, id: 'lag', figure: figures.reconciliationLag };
  if (worst === undefined)
    return {
      ...shared,
      value: '–',
      unit: '',
      condition: 'none',
      word: 'nothing compared yet',
      beside: [],
      to: reconciliationPath,
    };
  const incomplete = worst.run.status === 'incomplete';
  return {
    ...shared,
    ...figureDuration(worst.ms),
    condition: incomplete ? 'warn' : 'good',
    word: incomplete ? 'incomplete' : 'complete',
    beside: [{ text: worst.run.name, condition: 'none' }],
    to: runPath(worst.run.run_id),
  };
}
