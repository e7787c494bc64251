import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presentTransactions, transactionQuestion, type TransactionsView } from '#app/presenters/transactions.ts';
import { transactionFigures } from '#app/queries/transaction-latency.ts';
import type { AppContext } from '#app/server/context.ts';
import type { Flow } from '#contracts/v1/step-event.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { smallEstate, startConsole, type TestConsole } from '#tests/support/console.ts';
import { randomTransactions, seeded } from '#tests/support/random-transactions.ts';
import { percentile, recount, type Recounted } from '#tests/support/recounted-transactions.ts';
import { subjectOf } from '#tests/support/step-events.ts';

const password = 'a long enough password';
const from = Date.parse('2026-10-24T20:00:00.000Z');
const now = from + 9 * 3_600_000;
const at = (hours: number) => new Date(from + hours * 3_600_000).toISOString();
/** Cuts through the eight hours that the events are of. */
const window = { range: 'custom', from: at(2), to: at(6.55) };

let app: TestConsole;
let ingest: Ingest;
let all: Recounted[];
let cookie: string;

const events = randomTransactions({
  seed: 20_261_024,
  from,
  hours: 8,
  count: { order_to_cash: 900, return_to_refund: 350, inventory_sync: 350 },
});

/** Through NATS and ingest, a tenth of the events twice and all of them in an order of no meaning. */
async function land(): Promise<void> {
  const nc = await connectNats({ url: app.nats.url, name: 'traffic', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  const js = jetstream(nc);
  const random = seeded(7);
  const shuffled = [...events, ...events.filter(() => random() < 0.1)]
    .map((event) => ({ event, place: random() }))
    .sort((a, b) => a.place - b.place);
  for (let i = 0; i < shuffled.length; i += 200)
    await Promise.all(
      shuffled
        .slice(i, i + 200)
        .map(({ event }) => js.publish(subjectOf(event), JSON.stringify(event), { msgID: event.event_id })),
    );
  ingest = await createIngest({
    nc: app.console.services.nats,
    clickhouse: app.clickhouse.clickhouse,
    log: silentLog,
    metrics: createMetrics('ingest', { defaults: false }),
    shards: 1,
  });
  const landed = async () =>
    (await app.clickhouse.clickhouse.query('SELECT count() AS n FROM steps'))[0]?.['n'] === events.length;
  const nudges = nc.subscribe(subjects.nudge);
  await nc.flush();
  if (!(await landed())) for await (const _ of nudges) if (await landed()) break;
  await nc.close();
}

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  cookie = await app.signIn('view@example.com', password);
  await land();
  all = recount(events, now, smallEstate.sla);
}, 120_000);
afterAll(async () => {
  await ingest.close();
  await app.close();
});

/** The console as it is at the end of the story. */
const context = () => ({ ...app.console.services, now: () => new Date(now) }) as unknown as AppContext;
const ask = (address: string | Record<string, string>): Promise<TransactionsView> =>
  presentTransactions(context(), { search: new URLSearchParams(address), timeZone: 'Europe/Paris' });
/** How long the list is that an address leads to. */
async function totalAt(path: string): Promise<number | undefined> {
  const { filter } = transactionQuestion(new URLSearchParams(path.slice(path.indexOf('?') + 1)), context());
  return (await context().read(transactionFigures, filter))[0]?.transactions;
}

/** What the address asks, asked of the recounted transactions by code of its own. */
function picked(address: string | Record<string, string>): Recounted[] {
  const search = new URLSearchParams(address);
  const [start, end] = [Date.parse(search.get('from') ?? ''), Date.parse(search.get('to') ?? '')];
  const span = /^(\d+)-(\d*)$/.exec(search.get('latency') ?? '');
  const measure = search.get('of') ?? '';
  return all.filter((one) => {
    if (one.flow !== (search.get('flow') ?? 'order_to_cash') || one.happened < start || one.happened >= end)
      return false;
    for (const facet of Object.keys(one.facets)) {
      const value = one.facets[facet] ?? '';
      if (search.has(facet) && !search.getAll(facet).includes(value)) return false;
      if (search.getAll(`not.${facet}`).includes(value)) return false;
    }
    if (search.has('state') && !search.getAll('state').some((state) => one.states.has(state))) return false;
    if (search.getAll('not.state').some((state) => one.states.has(state))) return false;
    if (!search.getAll('done').every((step) => one.completed.has(step))) return false;
    if (search.getAll('not.done').some((step) => one.completed.has(step))) return false;
    const latency = one.latencies[measure];
    if (search.get('latency') === 'waits') return one.open && latency === undefined;
    if (span === null) return true;
    return latency !== undefined && latency >= Number(span[1]) && latency < Number(span[2] || Infinity);
  });
}
const without = (address: string, name: string) => {
  const search = new URLSearchParams(address);
  for (const one of [name, `not.${name}`]) search.delete(one);
  return search.toString();
};
const askedWith = (more: string) => `${new URLSearchParams(window).toString()}${more}`;

const addresses = [
  askedWith(''),
  askedWith('&channel=web&channel=tills&not.tier=express'),
  askedWith('&state=open&not.sku=SKU-13&region=us'),
  askedWith('&state=failed&state=quarantined&channel='),
  askedWith('&not.state=well&of=released&latency=100000-2000000'),
  askedWith('&done=reserve_stock&not.done=wms_release&of=erp&latency=waits'),
  askedWith('&flow=return_to_refund'),
  askedWith('&flow=return_to_refund&state=stuck'),
  askedWith('&flow=inventory_sync&not.state=stuck'),
  askedWith('&flow=return_to_refund&step=received&attempts=one&not.origin=backfill'),
  askedWith("&flow=inventory_sync&channel=L'%C3%89tage&state=finished"),
  askedWith('&flow=price_publication'),
];

describe.each(addresses)('the explorer asked for %s', (address) => {
  it('counts what happened in the half-open window and passes the filters', async () => {
    const view = await ask(address);
    expect(view.total).toBe(picked(address).length);
    expect(view.bars.reduce((sum, { well, troubled }) => sum + well + troubled, 0)).toBe(view.total);
    expect(view.bars.reduce((sum, { troubled }) => sum + troubled, 0)).toBe(
      picked(address).filter(({ states }) => states.has('trouble')).length,
    );
    for (const bar of view.bars)
      expect(bar.well + bar.troubled).toBe(
        picked(address).filter(({ happened }) => happened >= Date.parse(bar.from) && happened < Date.parse(bar.to))
          .length,
      );
  });

  it('counts the values of a facet under all filters but its own', async () => {
    const view = await ask(address);
    for (const { facet, values } of view.facets) {
      const alternatives = picked(without(address, facet));
      for (const { value, transactions } of values)
        expect(transactions, `${facet} ${value}`).toBe(
          alternatives.filter((one) => (facet === 'state' ? one.states.has(value) : one.facets[facet] === value))
            .length,
        );
    }
  });

  it('leads from every figure to a list of just as many', async () => {
    const drills: { count: number; path: string }[] = [];
    const base = new URLSearchParams(address);
    const view = await ask(address);
    for (const bar of view.bars.slice(0, 4)) drills.push({ count: bar.well + bar.troubled, path: bar.path });
    const latency = await ask(`${address}&show=latency`);
    for (const bar of latency.latency.bars) drills.push({ count: bar.well + bar.troubled, path: bar.path });
    drills.push({ count: latency.latency.waiting, path: latency.latency.waitingPath });
    const { common } = await ask(`${address}&show=common&pick=trouble`);
    if (common) drills.push({ count: common.selected, path: common.selectedPath });
    for (const row of common?.rows.slice(0, 5) ?? []) drills.push({ count: row.selected, path: row.path });
    const { funnel } = await ask(`${address}&show=funnel`);
    // What counts nothing is no link.
    for (const step of funnel?.steps.slice(0, 8) ?? [])
      drills.push(...[step.completed, step.waiting, step.without, step.stopped].filter(({ count }) => count > 0));
    for (const { facet, values } of view.facets.filter((one) => !base.has(one.facet) && !base.has(`not.${one.facet}`)))
      for (const { value, transactions } of values.slice(0, 2))
        drills.push({
          count: transactions ?? NaN,
          path: `?${address}&${new URLSearchParams({ [facet]: value }).toString()}`,
        });
    for (const { count, path } of drills) expect(await totalAt(path), path).toBe(count);
  });

  it('draws the latencies and their exact percentiles, and says what still waits', async () => {
    const { latency } = await ask(`${address}&show=latency`);
    const among = picked(without(address, 'latency'));
    const known = among.flatMap(({ latencies }) => latencies[latency.measure] ?? []);
    expect(latency.measured).toBe(known.length);
    expect(Object.values(latency.percentiles)).toEqual([0.5, 0.95, 0.99].map((level) => percentile(known, level)));
    expect(latency.waiting).toBe(
      among.filter((one) => one.open && one.latencies[latency.measure] === undefined).length,
    );
    for (const bar of latency.bars)
      expect(bar.well + bar.troubled).toBe(
        known.filter((value) => value >= bar.least && value < (bar.below ?? Infinity)).length,
      );
    expect(latency.bars.reduce((sum, { well, troubled }) => sum + well + troubled, 0)).toBe(known.length);
  });

  it('shows how far the transactions came, step by step', async () => {
    const { funnel } = await ask(`${address}&show=funnel`);
    const among = picked(address);
    expect(funnel?.total).toBe(among.length);
    for (const step of funnel?.steps ?? []) {
      const done = among.filter(({ completed }) => completed.has(step.step));
      expect(step.completed.count, step.step).toBe(done.length);
      expect(step.waiting.count).toBe(among.filter((one) => one.open && !one.completed.has(step.step)).length);
      expect(step.without.count).toBe(among.filter((one) => !one.open && !one.completed.has(step.step)).length);
      expect(step.stopped.count).toBe(
        among.filter(
          ({ states, facets }) => facets['step'] === step.step && (states.has('failed') || states.has('quarantined')),
        ).length,
      );
      const since = done.flatMap(({ completed }) => completed.get(step.step)?.since ?? []);
      expect(step.sinceBeforeMs ?? null).toBe(percentile(since, 0.5));
    }
  });
});

describe('what transactions have in common', () => {
  const shareOf = (some: readonly Recounted[], facet: string, value: string) =>
    some.filter(({ facets }) => facets[facet] === value).length;

  it.each([
    ['trouble', '', ({ states }: Recounted) => states.has('trouble')],
    ['span', '&of=released&latency=700000-', ({ latencies }: Recounted) => (latencies['released'] ?? 0) >= 700_000],
  ] as const)('compares those selected by %s with the rest', async (pick, more, selected) => {
    const { common } = await ask(askedWith(`&show=common&pick=${pick}${more}`));
    const among = picked(askedWith('')).filter(
      ({ latencies }) => pick === 'trouble' || latencies['released'] !== undefined,
    );
    const [chosen, rest] = [among.filter(selected), among.filter((one) => !selected(one))];
    expect([common?.selected, common?.rest]).toEqual([chosen.length, rest.length]);
    expect(common?.rows.length).toBeGreaterThan(0);
    for (const row of common?.rows ?? []) {
      const [facet = '', value = ''] = row.id.split('=');
      expect([row.selected, row.rest]).toEqual([shareOf(chosen, facet, value), shareOf(rest, facet, value)]);
      expect(row.least).toBeGreaterThan(0);
    }
  });

  it('says where there are more values than are counted and compared, also of one that was chosen', async () => {
    await app.clickhouse.clickhouse
      .command(`INSERT INTO steps_landing (event_id, ordinal, writer, flow, key, business_key,
      step, status, attempt, started_at, ended_at, occurred_at, system, sku, origin, stream_seq)
      SELECT concat('many-', toString(number), ':1'), 1, 'engine-1', 'price_publication', concat('many-', toString(number)),
        'P', 'publish_price', if(number % 2 = 0, 'failed', 'completed'), 1, '2026-09-01 10:00:00', '2026-09-01 10:00:00',
        '2026-09-01 10:00:00', 'shop', concat('SKU-', toString(10000 + number)), 'live', 2000000 + number FROM numbers(1200)`);
    const window = { range: 'custom', from: '2026-09-01T09:00:00.000Z', to: '2026-09-01T11:00:00.000Z' };
    const address = { ...window, flow: 'price_publication', show: 'common', sku: 'SKU-11199' };
    const { facets } = await ask(address);
    const skus = facets.find(({ facet }) => facet === 'sku');
    expect(skus).toMatchObject({ capped: true, more: 460 });
    expect(skus?.values.find(({ chosen }) => chosen === 'only')).toMatchObject({ transactions: undefined });
    const { sku: _, ...all } = address;
    const page = await (await get(`/transactions?${new URLSearchParams(all).toString()}`)).text();
    expect(page.replaceAll('<!-- -->', '')).toContain('32 more, at least 460 not shown');
    expect(page.replaceAll('<!-- -->', '')).toMatch(/At least \d+ other values are not more frequent/);
    expect(page.replaceAll('<!-- -->', '')).toContain('SKU: only the 500 values most frequent among the selected');
  });

  it('finds the article that stops at the ERP and the channel that is slow', async () => {
    const troubled = await ask(askedWith('&show=common&not.state=open'));
    expect(troubled.common?.rows.map(({ id }) => id)).toContain('sku=SKU-13');
    const slow = await ask(askedWith('&show=common&pick=slow'));
    expect(slow.common?.rows[0]?.id).toBe('channel=tills');
    expect(await totalAt(slow.common?.selectedPath ?? '')).toBe(slow.common?.selected);
    expect(slow.common?.selected).toBe(
      picked(askedWith('')).filter(({ latencies }) => (latencies['erp'] ?? 0) > (slow.latency.percentiles.p95 ?? 0))
        .length,
    );
  });
});

describe('two windows beside each other', () => {
  const line = (view: TransactionsView, name: string) => view.comparison?.lines.find((one) => one.name === name);

  it.each([
    ['before', {}, { from: at(-2.55), to: at(2) }],
    ['custom', { compare_from: at(0), compare_to: at(1.5) }, { from: at(0), to: at(1.5) }],
  ] as const)('compares with %s', async (compare, more, other) => {
    const address = { ...window, show: 'compare', compare, ...more, channel: 'web' };
    const view = await ask(address);
    expect(view.comparison).toMatchObject(other);
    const [current, earlier] = [picked({ ...window, channel: 'web' }), picked({ ...other, channel: 'web' })];
    expect(line(view, 'Transactions')).toMatchObject({
      now: { words: String(current.length) },
      before: { words: String(earlier.length) },
    });
    const exceptions = (some: readonly Recounted[]) => some.filter(({ states }) => states.has('exception')).length;
    expect(line(view, 'Exceptions')).toMatchObject({
      now: { words: String(exceptions(current)) },
      before: { words: String(exceptions(earlier)) },
    });
    for (const side of ['now', 'before'] as const)
      for (const name of ['Transactions', 'Exceptions', 'Open'])
        expect(String(await totalAt(line(view, name)?.[side].path ?? ''))).toBe(line(view, name)?.[side].words);
    for (const step of view.comparison?.steps ?? []) {
      expect(step.now.count).toBe(current.filter(({ completed }) => completed.has(step.step)).length);
      expect(step.before.count).toBe(earlier.filter(({ completed }) => completed.has(step.step)).length);
      if (step.before.count > 0) expect(await totalAt(step.before.path)).toBe(step.before.count);
    }
  });

  it('looks a week back by the clock on the wall, though clocks changed', async () => {
    const view = await ask({
      range: 'custom',
      from: '2026-10-26T08:00:00Z',
      to: '2026-10-26T09:00:00Z',
      show: 'compare',
      compare: 'week',
    });
    // Paris left summer time on 25 October: nine o'clock there was an hour earlier in UTC the week before.
    expect(view.comparison).toMatchObject({ from: '2026-10-19T07:00:00.000Z', to: '2026-10-19T08:00:00.000Z' });
  });
});

const get = (path: string, as = cookie) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: as } });
const csvOf = async (address: string) =>
  (await (await get(`/transactions/export.csv?${address}`)).text()).trim().split('\r\n');

describe('its pages', () => {
  it.each(['list', 'latency', 'common', 'funnel', 'compare'])('shows %s to who may see orders', async (show) => {
    const response = await get(`/transactions?${askedWith(`&show=${show}&compare=before`)}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`${picked(askedWith('')).length} orders that happened in the chosen time`);
  });

  it('lists in every order and page what the export holds', async () => {
    const address = askedWith('&channel=web');
    const total = picked(address).length;
    expect(await csvOf(address)).toHaveLength(1 + total);
    for (const sort of ['occurred', 'last', 'number', 'amount', 'latency', 'attempts']) {
      const view = await ask(`${address}&sort=-${sort}&page=2`);
      expect(view.list).toHaveLength(Math.min(50, total - 50));
      expect(new Set(view.list.map(({ id }) => id)).size).toBe(view.list.length);
    }
    const latencies = (await ask(`${address}&sort=latency`)).list.flatMap(({ latencyMs }) => latencyMs ?? []);
    expect(latencies).toEqual(latencies.toSorted((a, b) => a - b));
  });

  it('opens every flow’s transaction, an order on its own page', async () => {
    for (const flow of ['return_to_refund', 'inventory_sync'] satisfies Flow[]) {
      const [row] = (await ask(askedWith(`&flow=${flow}`))).list;
      expect(row?.path).toMatch(new RegExp(`^/transactions/${flow}/`));
      const page = await get(row?.path ?? '');
      expect(page.status).toBe(200);
      expect(await page.text()).toContain(row?.number);
    }
    const order = await get('/transactions/order_to_cash/shop%3D%3Dorder_to_cash-1');
    expect(order.headers.get('location')).toBe('/orders/shop%3D%3Dorder_to_cash-1');
    expect((await get('/transactions/return_to_refund/nothing')).status).toBe(404);
    expect((await get('/transactions/no_flow/nothing')).status).toBe(404);
  });

  it('leads from a transaction to those of its own hours, of which it is one', async () => {
    for (const row of (await ask(askedWith('&flow=inventory_sync'))).list.slice(0, 5)) {
      const page = await (await get(row.path)).text();
      const [, href = ''] =
        /<a[^>]*href="([^"]+)"[^>]*>all (?:<!-- -->)?[^<]+(?:<!-- -->)? of its hours</.exec(page) ?? [];
      const search = new URLSearchParams(href.replaceAll('&amp;', '&').split('?')[1]);
      expect(search.get('range')).toBe('custom');
      expect(picked(search.toString()).map(({ key }) => key)).toContain(row.id);
      expect(await totalAt(`?${search.toString()}`)).toBe(picked(search.toString()).length);
    }
  });

  it('says so where it shows only the first of a transaction’s events', async () => {
    const insert = `INSERT INTO steps_landing (event_id, ordinal, writer, flow, key, business_key, step, status, attempt,
      started_at, ended_at, occurred_at, system, origin, stream_seq)`;
    const at = new Date(now).toISOString().slice(0, -1);
    const grow = (key: string, first: number, count: number) =>
      app.clickhouse.clickhouse.command(`${insert}
        SELECT concat('${key}:', toString(number)), number, 'stock.0', 'inventory_sync', '${key}', '${key}', 'stock_changed',
          'completed', 1, '${at}', '${at}', '${at}', 'syncline', 'live', 1000000 + number FROM numbers(${first}, ${count})`);
    const textOf = async (key: string) => (await get(`/transactions/inventory_sync/${key}`)).text();
    await grow('busy', 1, 20_000);
    expect(await textOf('busy')).toContain('>20,000 events<');
    await grow('busy', 20_001, 1);
    expect(await textOf('busy')).toContain('>the first 20,000 events<');
  });

  it('sends a stranger to sign in', async () => {
    for (const path of ['/transactions', '/transactions/export.csv', '/transactions/inventory_sync/a==b']) {
      const response = await fetch(`${app.url}${path}`, { redirect: 'manual' });
      expect(response.headers.get('location'), path).toContain('/sign-in');
    }
  });
});
