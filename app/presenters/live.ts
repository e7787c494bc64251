import { maskText } from '#app/payloads/mask.ts';
import { caseCount } from '#app/queries/case-figures.ts';
import { ratesOfFilter } from '#app/queries/case-filter.ts';
import { casesOpenedOverTime, failureGroups } from '#app/queries/failure-groups.ts';
import { inventoryFreshness } from '#app/queries/inventory-freshness.ts';
import { allMissingOrders, missingOrderTotals } from '#app/queries/missing-orders.ts';
import { orderIntake, orderIntakeOverTime } from '#app/queries/order-intake.ts';
import { orderSyncLatency, orderSyncLatencyOverTime } from '#app/queries/order-sync-latency.ts';
import { ordersWaiting } from '#app/queries/orders-waiting.ts';
import { postingFailures, postingFailuresOverTime } from '#app/queries/posting-failures.ts';
import { publicationLatencyOverTime } from '#app/queries/publication-latency.ts';
import { storeTransmissions } from '#app/queries/stores.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import { type StuckOrders, stuckOrders } from '#app/queries/stuck-orders.ts';
import { systemTraffic } from '#app/queries/system-traffic.ts';
import type { AppContext } from '#app/server/context.ts';
import { periodBefore, type TimeRange } from '#app/time-range.ts';
import { estateNames, inWords, systemName } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { RatesInForce } from '#platform/rates.ts';
import { readTrends } from './cause-trends.ts';
import { readCausesNow } from './causes-now.ts';
import { backlogTile, connectorRows } from './live-connectors.ts';
import { landscapeLinks } from './live-landscape.ts';
import { storesTransmitting } from './live-stores.ts';
import { casesTile, freshnessTile, latencyTile, ordersTile, postingsTile } from './live-tiles.ts';
import { presentMissingOrders } from './missing-orders.ts';
import { inReportingCurrency, ratesInWords } from './money-sum.ts';
import { publishedPairs } from './published-pairs.ts';
import { seriesOf } from './series.ts';
import { simulationOf } from './simulation.ts';
import { SINCE_MS } from './stores.ts';
import { countWarnings } from './warnings.ts';

const dayMs = 86_400_000;
/** An order that has waited longer than this is a matter for its case, not for a live figure; bounds what is read. */
const waitingReachMs = 90 * dayMs;
/** Distinct questions of a page are asked for the second, so that viewers of one second share the answers. */
const toSecond = (at: number): string => new Date(Math.floor(at / 1_000) * 1_000).toISOString();

/** Every figure of the Live page for a window; figures about "now" do not depend on it. */
export async function presentLive(context: AppContext, range: TimeRange) {
  const { estate, read } = context;
  const rates = context.rates.today();
  const now = context.now().getTime();
  const { from, to } = range;
  const window = { before: periodBefore(range).from, from, to };
  const series = { from, to, bucket: range.bucketSeconds };
  const sla = slaTargets(estate);
  const publicationMs = estate.publication_target_s * 1_000;
  const pairs = publishedPairs(estate);
  const { muted: muted_causes } = await readCausesNow(context);
  const staleBefore = toSecond(now - publicationMs);
  const [
    [intake],
    intakeSeries,
    [latency],
    latencySeries,
    [waiting],
    [postings],
    postingSeries,
    [freshness],
    publicationSeries,
    [cases],
    [stuck],
    openedSeries,
    groups,
    traffic,
    missing,
    heard,
    simulation,
  ] = await Promise.all([
    read(orderIntake, window),
    read(orderIntakeOverTime, series),
    read(orderSyncLatency, { ...window, ...sla }),
    read(orderSyncLatencyOverTime, series),
    read(ordersWaiting, { since: toSecond(now - waitingReachMs), now: toSecond(now) }),
    read(postingFailures, window),
    read(postingFailuresOverTime, series),
    read(inventoryFreshness, { ...pairs, stale_before: staleBefore }),
    read(publicationLatencyOverTime, series),
    read(caseCount, { ...allOpenCases, ...ratesOfFilter(rates), muted_causes, now: toSecond(now) }),
    read(stuckOrders, { since: toSecond(now - waitingReachMs), now: toSecond(now), ...stepTargetsOf(estate) }),
    read(casesOpenedOverTime, series),
    read(failureGroups, { from, to, limit: 12, muted_causes }),
    read(systemTraffic, { from, to }),
    read(missingOrderTotals, allMissingOrders),
    read(storeTransmissions, { since: toSecond(now - SINCE_MS) }),
    simulationOf(context),
  ]);
  const neverArrived = presentMissingOrders(missing, rates);
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  const perMinute = range.bucketSeconds / 60;
  const connectors = connectorRows(estate, context.connectors.all(), now);
  const names = estateNames(estate);
  const trends = await readTrends(
    context,
    groups.map(({ fingerprint }) => fingerprint),
  );
  const orderPoints = seriesOf(intakeSeries, range, 0, (row) => row.orders / perMinute);
  const percentile = (index: number) => seriesOf(latencySeries, range, null, (row) => row.latency[index] ?? null);

  return {
    range,
    asOf: new Date(now).toISOString(),
    simulation,
    /** Nothing has ever arrived: the page explains how to begin. */
    isEmpty: !intake?.orders && !intake?.orders_before && !waiting?.waiting && !cases?.cases && !freshness?.items,
    tiles: [
      ordersTile({
        ...{ orders: 0, orders_before: 0, ...intake },
        minutes,
        missing: neverArrived,
        points: orderPoints,
      }),
      latencyTile({
        orders: latency?.orders ?? 0,
        latency: latency?.latency ?? [],
        before: latency?.latency_before ?? [],
        ordersBefore: latency?.orders_before ?? 0,
        within: latency?.within ?? 0,
        waiting: waiting ?? { waiting: 0, oldest_at: '', late: 0 },
        targetMs: sla.default_ms,
        now,
        points: percentile(1),
      }),
      postingsTile({
        ...(postings ?? { postings: 0, failed: 0, postings_before: 0, failed_before: 0 }),
        points: seriesOf(postingSeries, range, null, (row) => (100 * row.failed) / row.postings),
      }),
      freshnessTile({
        ...(freshness ?? { items: 0, stale: 0, waiting: 0, oldest_at: '' }),
        targetMs: publicationMs,
        now,
        points: seriesOf(publicationSeries, range, null, (row) => row.p95),
      }),
      backlogTile(connectors, now),
      casesTile({
        cases: cases?.cases ?? 0,
        muted: cases?.muted_cases ?? 0,
        atRisk: valueAtRisk(cases?.value ?? '0', stuck, rates),
        stuck: stuck?.stuck ?? 0,
        rates: ratesInWords(rates),
        oldest: cases?.oldest ?? '',
        late: cases?.late ?? 0,
        nextBreach: cases?.next_breach ?? '',
        now,
        points: seriesOf(openedSeries, range, 0, (row) => row.opened),
      }),
    ],
    latency: { targetMs: sla.default_ms, p50: percentile(0), p95: percentile(1), p99: percentile(2) },
    orders: orderPoints,
    ordersPerMinute: (intake?.orders ?? 0) / minutes,
    links: landscapeLinks(estate, connectors, traffic, minutes),
    connectors,
    stores: storesTransmitting(estate.locations, heard, {
      now,
      silentAfterMs: estate.policies.store_silent_after_s * 1_000,
    }),
    /** Causes with open cases that the feed leaves out. */
    mutedGroups: cases?.muted_groups ?? 0,
    neverArrived,
    warnings: countWarnings(context),
    rates: ratesInWords(rates),
    groups: groups.map((group) => ({
      fingerprint: group.fingerprint,
      message: inWords(maskText(group.error_message), names),
      where: `${stepLabel(group.step)}${group.system === '' ? '' : `, ${systemName(names, group.system)}`}`,
      cases: group.cases,
      open: group.open,
      firstAt: group.first_at,
      trend: trends.get(group.fingerprint) ?? 'known',
      value: inReportingCurrency(
        group.currencies.map((currency, index) => [currency, group.sums_text[index] ?? '0'] as const),
        rates,
      ),
    })),
  };
}

/** Order value of open cases, in the reporting currency already, and of stuck orders without one. */
function valueAtRisk(cases: string, stuck: StuckOrders | undefined, rates: RatesInForce) {
  const ofStuck = (stuck?.currencies ?? []).map((currency, i) => [currency, stuck?.amounts[i] ?? '0'] as const);
  return inReportingCurrency([[rates.reporting_currency, cases], ...ofStuck], rates);
}

export type LiveView = Awaited<ReturnType<typeof presentLive>>;

/** "ERP sales order confirmed" by tier; orders without a tier are held to the standard one. */
function slaTargets({ sla }: Estate) {
  return {
    tiers: Object.keys(sla),
    targets_ms: Object.values(sla).map((tier) => tier.erp_s * 1_000),
    default_ms: sla.standard.erp_s * 1_000,
  };
}

const allOpenCases = {
  state: 'open' as const,
  statuses: [],
  assignee: '',
  steps: [],
  classes: [],
  systems: [],
  fingerprint: '',
  search: '',
};
