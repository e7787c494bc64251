import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '#app/auth/viewer.ts';
import { presentConnectors } from '#app/presenters/connectors.ts';
import { presentInventory } from '#app/presenters/inventory.ts';
import { presentLive } from '#app/presenters/live.ts';
import { percent } from '#app/presenters/live-tiles.ts';
import { presentOrderList } from '#app/presenters/order-list.ts';
import { presentPostings } from '#app/presenters/postings.ts';
import { presentStockChanges } from '#app/presenters/stock-changes.ts';
import { presentStores } from '#app/presenters/stores.ts';
import { presentTransactions } from '#app/presenters/transactions.ts';
import { inventoryFreshness } from '#app/queries/inventory-freshness.ts';
import { orderIntake } from '#app/queries/order-intake.ts';
import { orderSyncLatency } from '#app/queries/order-sync-latency.ts';
import { ordersWaiting } from '#app/queries/orders-waiting.ts';
import { postingFailures } from '#app/queries/posting-failures.ts';
import { publicationLatency } from '#app/queries/publication-latency.ts';
import { systemTraffic } from '#app/queries/system-traffic.ts';
import { allTransactions, overTransactions, transactionColumns } from '#app/queries/transactions.ts';
import { publishedPairs } from '#app/presenters/published-pairs.ts';
import type { AppContext } from '#app/server/context.ts';
import { readTimeRange, type TimeRange } from '#app/time-range.ts';
import type { DatedRate } from '#contracts/v1/rate.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { testEstate } from '#tests/support/simulator.ts';
import {
  groupBy,
  hasFailed,
  isLate,
  isStuck,
  latestOf,
  type TransactionAnswer,
  itemsOf,
  percentile,
  type PostingAnswer,
  postingsOf,
  transactionsOf,
  type Window,
  within,
  worth,
} from '#tests/truth/answers.ts';
import { endOf, type Story, tellEstate } from '#tests/truth/estate.ts';
import { keepRate, landStory } from '#tests/truth/land.ts';
import { localMidnight } from '#tests/truth/zones.ts';

// Over the end of summer time in Europe (25 October 2026) and in America (1 November 2026).
const from = Date.parse('2026-10-23T00:00:00.000Z');
const now = Date.parse('2026-11-02T12:00:00.000Z');
const estate = testEstate();
const viewer: Viewer = { id: 'v', email: 'vera@example.com', name: 'Vera', roles: ['administrator'] };

/** Rates that people set: before the day, on it, and for the day after. */
const rates: DatedRate[] = [
  { day: '2026-10-20', currency: 'EUR', rate: '1.0611' },
  { day: '2026-10-30', currency: 'EUR', rate: '1.1034' },
  { day: '2026-11-02', currency: 'GBP', rate: '1.29117' },
  { day: '2026-11-03', currency: 'EUR', rate: '2' },
];

let app: TestConsole;
let context: AppContext;
let story: Story;
let orders: TransactionAnswer[];
let postings: PostingAnswer[];

beforeAll(async () => {
  story = tellEstate({ seed: 20_261_025, estate, from, until: now, orders: 10_000, cycles: 39_000 });
  app = await startConsole({ estate, now: () => new Date(now) });
  context = { ...app.console.services, cspNonce: '', viewer, sessionEnded: false, clientAddress: '' };
  await Promise.all(rates.map((rate) => keepRate(app.console.services.nats, rate)));
  await landStory(app.console.services.nats, app.clickhouse.clickhouse, story);
  orders = transactionsOf('order_to_cash', story.events);
  postings = postingsOf(story.events);
}, 600_000);
afterAll(() => app.close());

const iso = (ms: number): string => new Date(ms).toISOString();
const custom = (window: Window, more: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({ range: 'custom', from: iso(window.from), to: iso(window.to), ...more });
const before = (window: Window): Window => ({ from: 2 * window.from - window.to, to: window.from });

/** Days as people in these zones mean them, 25 hours long where clocks go back; odd windows; and what pages open with. */
const windows: readonly (readonly [string, Window])[] = [
  ['a day of 25 hours in Berlin', day('Europe/Berlin', '2026-10-25')],
  ['a day of 25 hours in New York', day('America/New_York', '2026-11-01')],
  ['a day in Kolkata, half an hour off', day('Asia/Kolkata', '2026-10-28')],
  ['an odd window', { from: from + 123_456_789, to: from + 223_456_790 }],
  [
    'the hour that Berlin has twice',
    { from: Date.parse('2026-10-25T00:00:00Z'), to: Date.parse('2026-10-25T01:00:00Z') },
  ],
  ['the last half hour', { from: now - 30 * 60_000, to: now }],
  ['everything', { from, to: now }],
];

function day(zone: string, date: string): Window {
  const next = new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { from: localMidnight(zone, date), to: localMidnight(zone, next) };
}

const completions = (flow: string, step: string): StepEvent[] =>
  story.events.filter(
    (event) =>
      event.flow === flow && event.step === step && event.status === 'completed' && event.origin !== 'backfill',
  );
const lagOf = (event: StepEvent): number => endOf(event) - Date.parse(event.occurred_at);
const shares = [0.5, 0.95, 0.99] as const;

it('tells of more than 50,000 transactions, out of order, late, twice, tried again and replayed', () => {
  expect(story.transactions).toBeGreaterThanOrEqual(50_000);
  const has = (status: StepEvent['status']) => story.events.filter((event) => event.status === status).length;
  for (const status of [
    'retrying',
    'failed',
    'quarantined',
    'replayed',
    'skipped',
    'compensated',
    'superseded',
  ] as const)
    expect(has(status), status).toBeGreaterThan(20);
  expect(day('Europe/Berlin', '2026-10-25').to - day('Europe/Berlin', '2026-10-25').from).toBe(25 * 3_600_000);
});

describe.each(windows)('in %s', (_, window) => {
  const search = () => custom(window);
  const range = (): TimeRange => readTimeRange(search(), new Date(now));
  const asked = () => ({ before: iso(before(window).from), from: iso(window.from), to: iso(window.to) });

  it('orders per minute, by the window, the period before and each bucket', async () => {
    const accepted = completions('order_to_cash', 'intake_received').map(endOf);
    const count = (of: Window) => accepted.filter((at) => within(of, at)).length;
    const [row] = await context.read(orderIntake, asked());
    expect(row).toEqual({ orders: count(window), orders_before: count(before(window)) });
    const live = await presentLive(context, range());
    const bucket = range().bucketSeconds * 1_000;
    expect(live.orders.map(({ at, value }) => [at, value])).toEqual(
      live.orders.map(({ at }) => {
        const start = Date.parse(at);
        const orders = count({ from: start, to: Math.min(start + bucket, window.to) });
        return [at, orders / (bucket / 60_000)];
      }),
    );
    expect(live.ordersPerMinute).toBe(count(window) / ((window.to - window.from) / 60_000));
  });

  it('order sync latency, its share within the tier’s target, and what waits beside it', async () => {
    const confirmed = completions('order_to_cash', 'erp_create_sales_order');
    const inWindow = confirmed.filter((event) => within(window, endOf(event)));
    const earlier = confirmed.filter((event) => within(before(window), endOf(event)));
    const tiers = Object.entries(estate.sla);
    const [row] = await context.read(orderSyncLatency, {
      ...asked(),
      tiers: tiers.map(([tier]) => tier),
      targets_ms: tiers.map(([, { erp_s }]) => erp_s * 1_000),
      default_ms: estate.sla.standard.erp_s * 1_000,
    });
    expect(row?.orders).toBe(inWindow.length);
    if (inWindow.length > 0)
      expect(row?.latency).toEqual(shares.map((share) => percentile(inWindow.map(lagOf), share)));
    expect(row?.orders_before).toBe(earlier.length);
    if (earlier.length > 0)
      expect(row?.latency_before).toEqual(shares.map((share) => percentile(earlier.map(lagOf), share)));
    // The posting step does not name the tier: it is held to the standard one.
    expect(row?.within).toBe(inWindow.filter((event) => lagOf(event) <= estate.sla.standard.erp_s * 1_000).length);
  });

  it('traffic over each link, exact to the millisecond', async () => {
    const rows = await context.read(systemTraffic, { from: iso(window.from), to: iso(window.to) });
    const news = ['stock_changed', 'shipment_confirmed', 'delivered', 'channel_update_received'];
    const went = story.events.filter(
      (event) =>
        ['order_to_cash', 'inventory_sync'].includes(event.flow) &&
        within(window, endOf(event)) &&
        event.system !== '' &&
        event.origin !== 'backfill' &&
        ['completed', 'retrying', 'failed', 'quarantined', 'degraded', 'compensated'].includes(event.status) &&
        !news.includes(event.step),
    );
    const wanted = [...groupBy(went, ({ system, step }) => `${system} ${String(step === 'intake_received')}`)].map(
      ([link, own]) => {
        const inbound = link.endsWith('true');
        const took = own.map((event) => (inbound ? lagOf(event) : endOf(event) - Date.parse(event.started_at)));
        return {
          link,
          count: own.length,
          failures: own.filter(({ status }) => ['retrying', 'failed', 'quarantined'].includes(status)).length,
          took: [percentile(took, 0.5), percentile(took, 0.95)],
        };
      },
    );
    const got = rows.map(({ system, inbound, count, failures, took }) => ({
      link: `${system} ${String(inbound)}`,
      count,
      failures,
      took,
    }));
    const byLink = (a: { link: string }, b: { link: string }) => (a.link < b.link ? -1 : 1);
    expect(got.sort(byLink)).toEqual(wanted.sort(byLink));
  });

  it('failed, pending and posted postings, on Live and on their own page', async () => {
    const attempted = (of: Window) =>
      postings.filter(({ latest, at }) => within(of, at) && latest.status !== 'skipped');
    const [row] = await context.read(postingFailures, asked());
    expect(row).toEqual({
      postings: attempted(window).length,
      failed: attempted(window).filter(hasFailed).length,
      postings_before: attempted(before(window)).length,
      failed_before: attempted(before(window)).filter(hasFailed).length,
    });
    const page = await presentPostings(context, search());
    expect(page.total).toBe(attempted(window).length);
    expect(page.causes.reduce((sum, { failed }) => sum + failed, 0) + page.otherFailed).toBe(
      attempted(window).filter(hasFailed).length,
    );
    for (const state of ['failed', 'pending', 'posted', 'compensated'] as const) {
      const fits = ({ latest }: PostingAnswer) =>
        ({
          failed: ['retrying', 'failed', 'quarantined'],
          pending: ['started', 'replayed'],
          posted: ['completed', 'degraded'],
          compensated: ['compensated'],
        })[state].includes(latest.status);
      const list = await presentPostings(context, custom(window, { state }));
      expect(list.total, state).toBe(attempted(window).filter(fits).length);
    }
    const found = new Set(
      story.events
        .filter(
          (event) =>
            event.attributes['looked_up'] === 'true' && event.origin !== 'backfill' && within(window, endOf(event)),
        )
        .map(({ attributes }) => attributes['posting_key']),
    );
    expect((await presentPostings(context, custom(window, { prevented: '1' }))).total).toBe(found.size);
  });

  it('orders placed, late, stuck, failing and in quarantine, by channel and state', async () => {
    const placed = orders.filter((order) => within(window, order.placed));
    const openCases = new Set(openCasesOf(story).map(({ state }) => state.key));
    const total = async (more: Record<string, string> = {}) =>
      (await presentOrderList(context, { search: custom(window, more), viewer })).total;
    const list = await presentOrderList(context, { search: search(), viewer });
    expect(list.total).toBe(placed.length);
    expect(list.late).toBe(placed.filter((order) => isLate(order, now)).length);
    expect(list.withCase).toBe(placed.filter(({ key }) => openCases.has(key)).length);
    const stopped = ({ open, latest }: TransactionAnswer) => open && ['failed', 'quarantined'].includes(latest.status);
    const problems: Record<string, (order: TransactionAnswer) => boolean> = {
      case: ({ key }) => openCases.has(key),
      late: (order) => isLate(order, now),
      stuck: (order) => isStuck(order, now, estate),
      failed: (order) => order.open && ['failed', 'retrying', 'quarantined'].includes(order.latest.status),
      none: (order) => !isStuck(order, now, estate) && !stopped(order),
    };
    for (const [problem, fits] of Object.entries(problems))
      expect(await total({ problem }), problem).toBe(placed.filter(fits).length);
    for (const { id } of estate.channels)
      expect(await total({ channel: id }), id).toBe(placed.filter(({ channel }) => channel === id).length);
    for (const [state, own] of groupBy(placed, ({ lifecycle }) => lifecycle))
      expect(await total({ lifecycle: state }), state).toBe(own.length);
    const byKey = new Map(placed.map((order) => [order.key, order]));
    for (const item of list.items) {
      const order = byKey.get(item.key);
      expect(item.syncMs, item.key).toBe(order?.confirmed === undefined ? null : order.confirmed - order.placed);
      expect(item.releaseMs, item.key).toBe(order?.released === undefined ? null : order.released - order.placed);
      expect(item.lifecycle, item.key).toBe(order?.lifecycle);
      expect(new Decimal(item.amount).eq(order?.amount ?? -1), item.key).toBe(true);
    }
  });

  it('publication latency, changes and superseded updates', async () => {
    const told = completions('inventory_sync', 'publish_availability').filter((event) => within(window, endOf(event)));
    const [row] = await context.read(publicationLatency, { from: iso(window.from), to: iso(window.to) });
    expect(row?.publications).toBe(told.length);
    if (told.length > 0) expect(row?.latency).toEqual(shares.map((share) => percentile(told.map(lagOf), share)));
    const kinds: Record<string, (event: StepEvent) => boolean> = {
      published: ({ step, status }) => step === 'publish_availability' && status === 'completed',
      changed: ({ step, status }) => step === 'stock_changed' && status === 'completed',
      superseded: ({ status }) => status === 'superseded',
    };
    for (const [kind, fits] of Object.entries(kinds)) {
      const list = await presentStockChanges(context, custom(window, { kind }));
      const wanted = story.events.filter(
        (event) => event.flow === 'inventory_sync' && fits(event) && within(window, endOf(event)),
      );
      expect(list.total, kind).toBe(wanted.length);
    }
  });

  it.each(['order_to_cash', 'inventory_sync', 'store_settlement'] as const)('the explorer’s figures of %s', (flow) =>
    explored(flow, window),
  );

  it('calls of every connector, to the minute, and the share that did what was asked', async () => {
    const { connectors } = await presentConnectors(context, viewer, search());
    const minutes = { from: Math.floor(window.from / 60_000) * 60_000, to: Math.ceil(window.to / 60_000) * 60_000 };
    const started = new Set(
      story.events
        .filter(
          (event) =>
            event.status === 'started' && within({ from: minutes.from - 86_400_000, to: minutes.to }, endOf(event)),
        )
        .map(({ flow, step, system }) => `${flow} ${step} ${system}`),
    );
    for (const line of connectors) {
      const calls = story.events.filter(
        (event) =>
          event.system === line.id &&
          within(minutes, endOf(event)) &&
          ['completed', 'compensated', 'degraded', 'retrying', 'failed', 'quarantined'].includes(event.status) &&
          (event.step === 'publish_availability' || started.has(`${event.flow} ${event.step} ${event.system}`)),
      );
      expect(line.calls, line.id).toBe(calls.length);
      if (calls.length === 0) continue;
      const succeeded = calls.filter(({ status }) => ['completed', 'compensated'].includes(status));
      expect(line.success, line.id).toBe(percent(succeeded.length / calls.length));
      const took = calls.map((event) => endOf(event) - Date.parse(event.started_at)).sort((a, b) => a - b);
      // Kept as a sketch of 1 % relative accuracy, whose rank is of the n - 1 steps between n values.
      const p95 = took[Math.floor(0.95 * (took.length - 1))] ?? 0;
      expect(Math.abs((line.p95 ?? 0) - p95), line.id).toBeLessThanOrEqual(0.0101 * p95);
    }
  });
});

/** Counts, latencies, histogram and funnel of a flow's transactions that began within the window. */
async function explored(flow: Flow, window: Window): Promise<void> {
  const own = transactionsOf(flow, story.events).filter(({ placed }) => within(window, placed));
  const ask = (more: Record<string, string> = {}) =>
    presentTransactions(context, { search: custom(window, { flow, ...more }), timeZone: 'UTC' });
  const view = await ask({ show: 'latency' });
  expect(view.total).toBe(own.length);
  const trouble = (one: TransactionAnswer) => one.exception || isStuck(one, now, estate);
  const states: Record<string, (one: TransactionAnswer) => boolean> = {
    open: ({ open }) => open,
    finished: ({ open }) => !open,
    late: (one) => isLate(one, now),
    stuck: (one) => isStuck(one, now, estate),
    retrying: ({ open, latest }) => open && latest.status === 'retrying',
    failed: ({ open, latest }) => open && latest.status === 'failed',
    quarantined: ({ open, latest }) => open && latest.status === 'quarantined',
    exception: ({ exception }) => exception,
    trouble,
  };
  const facetOf = (name: string) =>
    new Map(view.facets.find(({ facet }) => facet === name)?.values.map((one) => [one.value, one.transactions]));
  for (const [state, count] of facetOf('state')) {
    const fits = states[state];
    if (fits !== undefined) expect(count, state).toBe(own.filter(fits).length);
  }
  // What stock is told to is several channels for one transaction.
  for (const [channel, count] of flow === 'inventory_sync' ? [] : facetOf('channel'))
    expect(count, channel).toBe(own.filter((one) => one.channel === channel).length);
  for (const bar of view.bars) {
    const started = own.filter(({ placed }) => within({ from: Date.parse(bar.from), to: Date.parse(bar.to) }, placed));
    expect([bar.troubled, bar.well], bar.from).toEqual([
      started.filter(trouble).length,
      started.filter((one) => !trouble(one)).length,
    ]);
  }
  for (const { id } of view.latency.measures) {
    const { latency } = await ask({ show: 'latency', of: id });
    const known = own.flatMap((one) => latencyOf(one, id) ?? []);
    expect(latency.measured, id).toBe(known.length);
    expect(Object.values(latency.percentiles), id).toEqual(shares.map((share) => percentile(known, share)));
    expect(latency.waiting, id).toBe(own.filter((one) => one.open && latencyOf(one, id) === undefined).length);
    for (const { least, below = Infinity, well, troubled } of latency.bars)
      expect(well + troubled, `${id} from ${least} ms`).toBe(known.filter((ms) => ms >= least && ms < below).length);
    expect(
      latency.bars.reduce((sum, bar) => sum + bar.well + bar.troubled, 0),
      id,
    ).toBe(known.length);
  }
  const { funnel } = await ask({ show: 'funnel' });
  expect(funnel?.total).toBe(own.length);
  for (const { step, completed, waiting } of funnel?.steps ?? []) {
    const did = ({ events }: TransactionAnswer) =>
      events.some((one) => one.step === step && one.status === 'completed');
    expect(completed.count, step).toBe(own.filter(did).length);
    expect(waiting.count, step).toBe(own.filter((one) => one.open && !did(one)).length);
  }
}

function latencyOf(one: TransactionAnswer, measure: string): number | undefined {
  if (measure === 'whole') return one.open ? undefined : one.lastAt - one.firstAt;
  const end = (step: string, fits: (event: StepEvent) => boolean = () => true): number | undefined => {
    const ends = one.events
      .filter((event) => event.step === step && event.status === 'completed' && fits(event))
      .map(endOf);
    return ends.length === 0 ? undefined : Math.min(...ends);
  };
  const shipped = () => end('shipment_confirmed', ({ attributes }) => attributes['remaining_units'] === '0');
  const ends: Record<string, () => number | undefined> = {
    accepted: () => end('intake_received'),
    acknowledged: () => end('acknowledge_channel'),
    erp: () => end('erp_create_sales_order'),
    released: () => end('wms_release'),
    shipped,
    delivered: () => end('delivered') ?? shipped(),
  };
  const at = ends[measure]?.();
  return at === undefined ? undefined : Math.max(0, at - one.placed);
}

const openCasesOf = ({ cases }: Story) =>
  [...groupBy(cases, ({ state }) => state.case_id).values()].flatMap((own) => {
    const last = own.sort((a, b) => a.state.revision - b.state.revision).at(-1);
    return last?.state.status === 'open' ? [last] : [];
  });

describe('now', () => {
  it('orders that wait for the ERP, the oldest and those past their deadline', async () => {
    const waiting = orders.filter(({ open, confirmed, backfill }) => open && confirmed === undefined && !backfill);
    const [row] = await context.read(ordersWaiting, { since: iso(now - 90 * 86_400_000), now: iso(now) });
    expect(waiting.length).toBeGreaterThan(20);
    expect(row).toEqual({
      waiting: waiting.length,
      oldest_at: iso(Math.min(...waiting.map(({ placed }) => placed))),
      late: waiting.filter(({ deadline }) => deadline !== undefined && deadline < now).length,
    });
  });

  it('open cases, and the value at risk in them and in stuck orders, in the reporting currency', async () => {
    await expect.poll(() => context.rates.all().length).toBe(rates.length);
    const open = openCasesOf(story).map(({ state }) => state);
    const withCase = new Set(open.map(({ key }) => key));
    const stuck = orders.filter((order) => isStuck(order, now, estate) && !order.backfill && !withCase.has(order.key));
    const value = [...open, ...stuck].reduce(
      (sum, { amount, currency }) => sum.add(worth(amount, currency, '2026-11-02', estate, rates)),
      new Decimal(0),
    );
    expect(stuck.length).toBeGreaterThan(20);
    const live = await presentLive(context, readTimeRange(new URLSearchParams(), new Date(now)));
    const tile = live.tiles.find(({ id }) => id === 'cases');
    expect(tile?.value.replaceAll(',', '')).toBe(String(open.length));
    const beside = tile?.beside.map(({ text }) => text) ?? [];
    const whole = value.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
    expect(beside[0]).toBe(
      `${whole.toLocaleString('en-GB')} ${estate.reporting_currency} at risk, with ${stuck.length.toLocaleString('en-GB')} stuck`,
    );
    const late = open.filter(({ deadline }) => deadline !== '' && Date.parse(deadline) < now).length;
    expect(tile?.word).toBe(`${late.toLocaleString('en-GB')} past deadline`);
  });

  it('freshness, the stale items and those that wait, in all and at every place', async () => {
    const pairs = publishedPairs(estate);
    const published = new Set(pairs.locations.map((location, i) => `${location} ${pairs.channels[i] ?? ''}`));
    const items = itemsOf(story.events).filter(({ location, channel }) => published.has(`${location} ${channel}`));
    const staleBefore = now - estate.publication_target_s * 1_000;
    const waiting = items.filter(({ waitsSince }) => waitsSince !== undefined);
    const stale = waiting.filter(({ waitsSince = 0 }) => waitsSince < staleBefore);
    const [row] = await context.read(inventoryFreshness, { ...pairs, stale_before: iso(staleBefore) });
    expect(stale.length).toBeGreaterThan(20);
    expect(row).toEqual({
      items: items.length,
      waiting: waiting.length,
      stale: stale.length,
      oldest_at: iso(Math.min(...waiting.map(({ waitsSince = 0 }) => waitsSince))),
    });
    const page = await presentInventory(context, new URLSearchParams());
    expect(page.total).toBe(items.length);
    for (const state of ['stale', 'waiting', 'fresh']) {
      const list = await presentInventory(context, new URLSearchParams({ state }));
      const wanted = {
        stale: stale.length,
        waiting: waiting.length - stale.length,
        fresh: items.length - waiting.length,
      };
      expect(list.total, state).toBe(wanted[state as keyof typeof wanted]);
    }
    for (const [place, own] of groupBy(items, ({ location, channel }) => `${location} ${channel}`)) {
      const [location = '', channel = ''] = place.split(' ');
      const list = await presentInventory(context, new URLSearchParams({ location, channel }));
      expect(list.total, place).toBe(own.length);
    }
  });

  it('the last transmission of every store, and its days', async () => {
    const { stores } = await presentStores(context, new URLSearchParams());
    const told = groupBy(
      story.events.filter(({ flow }) => flow === 'store_settlement'),
      ({ location }) => location,
    );
    expect(stores).toHaveLength(estate.locations.filter(({ kind }) => kind === 'store').length);
    for (const store of stores) {
      const own = told.get(store.id) ?? [];
      const heard = own.filter(({ step }) => ['batch_received', 'batch_repeated'].includes(step));
      const taken = heard.filter(({ step }) => step === 'batch_received').sort((a, b) => endOf(a) - endOf(b));
      expect(store.lastAt, store.id).toBe(iso(Math.max(...heard.map(endOf))));
      expect(store.backlog, store.id).toBe(Number(taken.at(-1)?.attributes['backlog']));
      const days = [...groupBy(own, ({ key }) => key).values()].map(latestOf);
      expect(store.stopped, store.id).toBe(days.filter(({ status }) => status === 'quarantined').length);
    }
  });
});

it('the console’s own reading of transactions, of any of their columns, is the view that analysts ask', async () => {
  const { clickhouse } = app.clickhouse;
  const all = ['flow', 'key', ...transactionColumns].join(', ');
  const differing = await clickhouse.query(
    overTransactions(
      allTransactions,
      (transactions) => `
        SELECT count() AS rows FROM (
          SELECT ${all} FROM transactions EXCEPT SELECT ${all} FROM ${transactions})`,
    ),
  );
  expect(differing).toEqual([{ rows: 0 }]);
  const counted = await clickhouse.query('SELECT count() AS rows, uniqExact(flow, key) AS keys FROM transactions');
  expect(counted[0]?.['rows']).toBe(counted[0]?.['keys']);
  for (const column of transactionColumns) {
    const sql = overTransactions(allTransactions, (rows) => `SELECT count(${column}) AS rows FROM ${rows}`);
    expect(await clickhouse.query(sql), column).toEqual(
      await clickhouse.query(`SELECT count(${column}) AS rows FROM transactions`),
    );
  }
});
