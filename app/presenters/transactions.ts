import type { Chip } from '#app/components/chips.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { formatDuration } from '#app/format.ts';
import { casePath } from '#app/orders/paths.ts';
import { maskText } from '#app/payloads/mask.ts';
import { transactionBreakdown } from '#app/queries/transaction-breakdown.ts';
import { transactionFigures } from '#app/queries/transaction-latency.ts';
import { transactionList, type TransactionRow, transactionSorts } from '#app/queries/transaction-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { readTimeRange } from '#app/time-range.ts';
import { type Facet, measureWords } from '#app/transactions/attributes.ts';
import { readComparedRange } from '#app/transactions/compared-range.ts';
import { endless, measuresOf, readTransactionFilter, type TransactionQuestion } from '#app/transactions/filters.ts';
import { narrowed, spanText, transactionPageSize, transactionPath } from '#app/transactions/paths.ts';
import { flowWords } from '#app/words/flows.ts';
import { type EstateNames, estateNames, inWords, systemName } from '#app/words/names.ts';
import { statusOf, stepLabel } from '#app/words/steps.ts';
import { facetChip, standingOf } from '#app/words/transactions.ts';
import { flow } from '#contracts/v1/step-event.ts';
import { presentLatencyBars, presentTimeBars } from './transaction-charts.ts';
import { presentCommon } from './transaction-common.ts';
import { presentComparison } from './transaction-compare.ts';
import { presentFacets } from './transaction-facets.ts';
import { presentFunnel, readFunnel } from './transaction-funnel.ts';

/** What the page tells of the transactions, besides facets and the histogram. */
export const shows = ['list', 'latency', 'common', 'funnel', 'compare'] as const;
export type Show = (typeof shows)[number];

/** A transaction as lists show it. Pure. */
export function presentTransactionRow(row: TransactionRow, names: EstateNames) {
  const at = row.system === '' ? '' : ` at ${systemName(names, row.system)}`;
  return {
    id: row.key,
    path: transactionPath(row.flow, row.key),
    number: row.business_key,
    ...standingOf(row),
    casePath: row.is_open && row.status === 'quarantined' && row.case_id !== '' ? casePath(row.case_id) : '',
    doing: `${stepLabel(row.step)}${at}: ${statusOf(row.status).word}`,
    error: row.is_open ? inWords(maskText(row.error_message), names) : '',
    channel: names.channels[row.channel]?.name ?? row.channel,
    entity: names.entities[row.legal_entity] ?? row.legal_entity,
    location: names.locations[row.location] ?? row.location,
    sku: row.sku,
    tier: row.tier,
    origin: row.origin,
    attempts: row.max_attempt,
    amount: row.money === '' ? '' : row.amount,
    currency: row.money,
    latencyMs: row.latency_ms,
    open: row.is_open,
    occurredAt: row.occurred_at,
    lastAt: row.last_at,
    deadline: row.is_open ? row.deadline : '',
  };
}
export type TransactionLine = ReturnType<typeof presentTransactionRow>;

/** The filter and the query behind a list's address; the export uses the very same. */
export function transactionQuestion(search: URLSearchParams, context: Pick<AppContext, 'estate' | 'now'>) {
  const filter = readTransactionFilter(search, context.estate, context.now());
  const address = readListAddress(search, transactionSorts, { id: 'occurred', descending: true });
  const sort = transactionSorts.find((one) => one === address.sort?.id) ?? 'occurred';
  return { filter, page: address.page, query: transactionList(sort, address.sort?.descending ?? true) };
}

/** Any flow's transactions within the window: what they are, how they do, and what the address asks to see of them. */
export async function presentTransactions(
  context: AppContext,
  { search, timeZone }: { search: URLSearchParams; timeZone: string },
) {
  const { estate, read } = context;
  const { filter, page, query } = transactionQuestion(search, context);
  const range = readTimeRange(search, context.now());
  const names = estateNames(estate);
  const show: Show = shows.find((one) => one === search.get('show')) ?? 'list';
  const compared = readComparedRange(search, range, timeZone);
  const [rows, [figures]] = await Promise.all([
    read(transactionBreakdown, { ...filter, bucket: range.bucketSeconds }),
    // Beside a distribution that shows what was not chosen too stand the percentiles of all of it.
    read(transactionFigures, show === 'list' || show === 'compare' ? filter : { ...filter, latency: 'any' }),
  ]);
  if (figures === undefined) throw new Error('A sum without rows answered no row.');
  const [p50 = null, p95 = null, p99 = null] = figures.measured === 0 ? [] : figures.latency;
  return {
    flow: filter.flow,
    words: flowWords(filter.flow),
    flows: flow.options.map((id) => ({ id, label: flowWords(id).label, path: flowAddress(search, id) })),
    show,
    total: rows.find(({ counted }) => counted === 'all')?.transactions ?? 0,
    within: range.words,
    window: { from: range.from, to: range.to },
    final: range.id === 'custom',
    facets: presentFacets(rows, search, names),
    bars: presentTimeBars(rows, range, search),
    latency: {
      measure: filter.measure,
      measures: measuresOf(filter.flow).map((id) => ({ id, ...measureWords[id] })),
      percentiles: { p50, p95, p99 },
      measured: figures.measured,
      waiting: figures.waiting,
      waitingPath: narrowed(search, { only: { latency: 'waits' } }),
      oldest: figures.waiting === 0 ? '' : figures.oldest,
      overdue: figures.overdue,
      bars: show === 'latency' ? presentLatencyBars(rows, search) : [],
      span: filter.latency === 'within' ? { least: filter.least_ms, below: filter.below_ms } : undefined,
      slowPath: p95 === null ? '' : narrowed(search, { only: { latency: spanText(p95 + 1) } }),
    },
    list:
      show === 'list'
        ? (await read(query, { ...filter, limit: transactionPageSize, offset: (page - 1) * transactionPageSize })).map(
            (row) => presentTransactionRow(row, names),
          )
        : [],
    page,
    common: show === 'common' ? await presentCommon(context, { filter, search, names, p95 }) : undefined,
    funnel: show === 'funnel' ? presentFunnel(filter.flow, await readFunnel(context, filter), search) : undefined,
    comparison:
      show === 'compare' && compared !== undefined
        ? await presentComparison(context, { filter, search, figures, compared })
        : undefined,
    chips: chipsOf(search, filter, names),
  };
}
export type TransactionsView = Awaited<ReturnType<typeof presentTransactions>>;

/** Another flow has other steps, systems and latencies, so that only the time stays. */
function flowAddress(search: URLSearchParams, id: string): string {
  const next = new URLSearchParams();
  for (const name of ['range', 'from', 'to', 'show']) {
    const value = search.get(name);
    if (value !== null) next.set(name, value);
  }
  next.set('flow', id);
  return `?${next.toString()}`;
}

function chipsOf(search: URLSearchParams, filter: TransactionQuestion, names: EstateNames): Chip[] {
  const facetChips = (chosen: readonly string[], without: boolean): Chip[] =>
    chosen.map((one) => {
      const at = one.indexOf('=');
      const [facet, value] = [one.slice(0, at) as Facet, one.slice(at + 1)];
      return { name: `${without ? 'not.' : ''}${facet}`, value, label: facetChip(facet, value, names, without) };
    });
  return [
    ...facetChips(filter.only, false),
    ...facetChips(filter.except, true),
    ...filter.done.map((value) => ({ name: 'done', value, label: `Done: ${stepLabel(value)}` })),
    ...filter.undone.map((value) => ({ name: 'not.done', value, label: `Not done: ${stepLabel(value)}` })),
    ...(filter.latency === 'any'
      ? []
      : [{ name: 'latency', value: search.get('latency') ?? '', label: latencyChip(filter) }]),
  ];
}

function latencyChip({ latency, measure, least_ms, below_ms }: TransactionQuestion): string {
  const { word } = measureWords[measure];
  if (latency === 'waits') return `${word}: waits`;
  const least = formatDuration(least_ms);
  return `${word}: ${below_ms === endless ? `${least} or longer` : `${least} to ${formatDuration(below_ms)}`}`;
}
