import { accuracyOf, breakDomain, breakKind } from '#contracts/v1/reconciliation.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { Chip } from '#app/components/chips.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { readBreakFilter } from '#app/reconciliation/filters.ts';
import { breakPageSize } from '#app/reconciliation/paths.ts';
import {
  breakCount,
  breakList,
  type BreakRow,
  breakSorts,
  latestRuns,
  openBreaks,
  reconciliationRuns,
  type RunRow,
} from '#app/queries/reconciliation.ts';
import { missingOrderTotals } from '#app/queries/missing-orders.ts';
import type { AppContext } from '#app/server/context.ts';
import { type EstateNames, estateNames, inWords, systemName } from '#app/words/names.ts';
import { breakState, breakWords, runState } from '#app/words/reconciliation.ts';
import { presentMissingOrders } from './missing-orders.ts';
import { ratesInWords } from './money-sum.ts';
import { presentOverview } from './reconciliation-tiles.ts';

const RUNS_SHOWN = 6;

/** A run as lists show it. Lags in milliseconds, null while it runs. Pure. */
export function presentRun(row: RunRow, names: EstateNames) {
  return {
    id: row.run_id,
    name: row.name,
    kind: row.kind,
    ...runState(row.status),
    running: row.status === 'queued' || row.status === 'running',
    by: row.requested_by === 'schedule' ? '' : row.requested_by,
    at: row.requested_at,
    from: row.from,
    to: row.to,
    compared: row.compared,
    agreeing: row.agreeing,
    undecided: row.undecided,
    breaks: row.opened + row.seen_again,
    opened: row.opened,
    healed: row.healed,
    accuracy: accuracyOf(row) ?? null,
    lagMs: row.finished_at === '' ? null : Date.parse(row.finished_at) - Date.parse(row.to),
    message: inWords(row.message, names),
  };
}
export type RunLine = ReturnType<typeof presentRun>;

/** A break as lists show it. Pure. */
export function presentBreak(row: BreakRow, names: EstateNames) {
  const [ours, theirs] = row.sides;
  return {
    id: row.break_id,
    what: row.business_key || row.reference,
    kind: breakWords[row.kind].label,
    domain: row.domain,
    ...breakState(row.status),
    system: systemName(names, row.system),
    place: names.locations[row.location] ?? row.location,
    channel: names.channels[row.channel]?.name ?? row.channel,
    entity: names.entities[row.legal_entity] ?? row.legal_entity,
    method: row.method,
    reference: row.reference,
    difference: row.difference,
    currency: row.currency,
    ours: ours?.figure ?? '',
    theirs: theirs?.figure ?? '',
    happenedAt: row.occurred_at,
    since: row.first_seen_at,
    seenAt: row.last_seen_at,
    times: row.times_seen,
    assignee: row.assignee,
    document: row.document_number,
    reason: row.reason,
  };
}
export type BreakLine = ReturnType<typeof presentBreak>;

/** The filter and the query behind a list's address; the export uses the very same. */
export function breakQuestion(search: URLSearchParams) {
  const filter = readBreakFilter(search);
  const address = readListAddress(search, breakSorts, { id: 'seen', descending: true });
  const sort = breakSorts.find((one) => one === address.sort?.id) ?? 'seen';
  return { filter, page: address.page, query: breakList(sort, address.sort?.descending ?? true) };
}

/** Runs, what they found, and the breaks that the address asks for. */
export async function presentReconciliation(context: AppContext, search: URLSearchParams, viewer: Viewer) {
  const { filter, page, query } = breakQuestion(search);
  const { estate } = context;
  const rates = context.rates.today();
  const names = estateNames(estate);
  const [rows, [count], runs, latest, open, missing] = await Promise.all([
    context.read(query, { ...filter, limit: breakPageSize, offset: (page - 1) * breakPageSize }),
    context.read(breakCount, filter),
    context.read(reconciliationRuns, { plan: '', limit: RUNS_SHOWN }),
    context.read(latestRuns, {}),
    context.read(openBreaks, {}),
    context.read(missingOrderTotals, filter),
  ]);
  return {
    breaks: rows.map((row) => presentBreak(row, names)),
    page,
    total: count?.breaks ?? 0,
    runs: runs.map((row) => presentRun(row, names)),
    tiles: presentOverview(latest, open, rates, context.now().getTime()),
    plans: estate.reconciliations.map(({ id, name }) => ({ id, name })),
    missing: presentMissingOrders(missing, rates),
    rates: ratesInWords(rates),
    mayFetch: may(viewer.roles, 'cases.replay'),
    mayRun: may(viewer.roles, 'reconciliation.run'),
    filtered: search.toString() !== '',
    chips: chipsOf(filter, names),
    options: optionsOf(estate),
  };
}
export type ReconciliationView = Awaited<ReturnType<typeof presentReconciliation>>;

const domainWords = { operational: 'Stock', accounting: 'Accounting', orders: 'Orders' } as const;

const optionsOf = (estate: Estate) => ({
  domains: breakDomain.options.map((value) => ({ value, label: domainWords[value] })),
  kinds: breakKind.options.map((value) => ({ value, label: breakWords[value].label })),
  statuses: (['open', 'healed', 'closed'] as const).map((value) => ({ value, label: breakState(value).word })),
  systems: estate.systems
    .filter(({ role }) => ['erp', 'wms', 'channel', 'payment'].includes(role))
    .map(({ id, name }) => ({ value: id, label: name })),
  entities: estate.legal_entities.map(({ id, name }) => ({ value: id, label: name })),
});

function chipsOf(filter: ReturnType<typeof readBreakFilter>, names: EstateNames): Chip[] {
  const chips = (name: string, values: readonly string[], label: (value: string) => string): Chip[] =>
    values.map((value) => ({ name, value, label: label(value) }));
  return [
    ...filter.domains.map((value) => ({ name: 'domain', value, label: domainWords[value] })),
    ...filter.kinds.map((value) => ({ name: 'kind', value, label: breakWords[value].label })),
    ...chips('system', filter.systems, (value) => `System: ${systemName(names, value)}`),
    ...chips('entity', filter.entities, (value) => `Entity: ${names.entities[value] ?? value}`),
    ...(filter.run === '' ? [] : [{ name: 'run', value: filter.run, label: `Found by ${filter.run}` }]),
  ];
}
