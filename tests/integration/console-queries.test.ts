import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { casesAlike, curesBefore } from '#app/queries/case-history.ts';
import { caseCount, caseFigures, caseGroups } from '#app/queries/case-figures.ts';
import { caseList, caseSorts, type CaseSort } from '#app/queries/case-list.ts';
import { causesOpenSince, causeTrends } from '#app/queries/cause-trends.ts';
import { orderByKey, orderCases, orderPostings, orderReferences, transactionSteps } from '#app/queries/order-detail.ts';
import { orderIntake } from '#app/queries/order-intake.ts';
import { orderCount, orderList, orderSorts, termsFound, type OrderSort } from '#app/queries/order-list.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { startClickHouse, type TestClickHouse } from '../support/clickhouse.ts';
import { at, createOrderStory, type OrderFixture } from '../support/order-story.ts';

const now = at(0);
const story = createOrderStory();
const { add, addCase } = story;
let server: TestClickHouse;

const shipped: OrderFixture = {
  key: 'shopify-us==1',
  number: '#1001',
  placed: -300,
  channel: 'web-us',
  amount: '100.00',
  currency: 'USD',
  deadline: undefined,
};
const stopped: OrderFixture = {
  key: 'shopify-us==2',
  number: '#1002',
  placed: -200,
  channel: 'web-us',
  amount: '50.25',
  currency: 'USD',
  deadline: -10,
};
const waiting: OrderFixture = {
  key: 'shopify-eu==3',
  number: '#1003',
  placed: -100,
  channel: 'web-eu',
  amount: '80.00',
  currency: 'EUR',
  deadline: 30,
};
const stoppedToo: OrderFixture = {
  key: 'shopify-eu==4',
  number: '#1004',
  placed: -90,
  channel: 'web-eu',
  amount: '10.00',
  currency: 'EUR',
  deadline: 60,
};

/** Seconds after an order was placed, by tier and milestone; every milestone's own share differs. */
const sla = {
  express: { acknowledge_s: 60, erp_s: 300, release_s: 660, ship_s: 7_200 },
  standard: { acknowledge_s: 60, erp_s: 360, release_s: 900, ship_s: 9_000 },
  economy: { acknowledge_s: 120, erp_s: 900, release_s: 3_600, ship_s: 21_600 },
} as const;
beforeAll(async () => {
  server = await startClickHouse();
  const mapped = {
    error_class: 'mapping',
    error_path: '/tax_lines/0/title',
    error_message: 'Tax code TX-9 is not mapped.',
  } as const;
  add(shipped, 'intake_received', -299, {
    system: 'shopify-us',
    attributes: {
      intake_seq: '11',
      ref_external_id: '1',
      ref_order_number: '#1001',
      ref_customer_email: 'kim@example.com',
    },
  });
  add(shipped, 'reserve_stock', -298, { attributes: { ref_sku: 'SKU-A SKU-B' } });
  add(shipped, 'erp_create_sales_order', -296, {
    system: 'netsuite',
    status: 'retrying',
    error_class: 'timeout',
    error_message: 'no answer',
    attributes: { document: 'sales_order', posting_key: 'so:1' },
  });
  add(shipped, 'erp_create_sales_order', -295, {
    system: 'netsuite',
    attempt: 2,
    attributes: { document: 'sales_order', posting_key: 'so:1', document_number: 'SO-77', ref_erp_document: 'SO-77' },
  });
  add(shipped, 'wms_release', -290, { system: 'wms-east' });
  add(shipped, 'shipment_confirmed', -100, {
    system: 'wms-east',
    attributes: { remaining_units: '0', ref_tracking_number: '1Z999' },
  });
  add(shipped, 'settle', -60);
  add(stopped, 'intake_received', -199, { system: 'shopify-us', attributes: { ref_order_number: '#1002' } });
  add(stopped, 'reserve_stock', -198);
  add(stopped, 'erp_create_sales_order', -197, {
    system: 'netsuite',
    status: 'quarantined',
    case_id: 'case-2',
    ...mapped,
  });
  add(waiting, 'intake_received', -99, { system: 'shopify-eu', attributes: { ref_order_number: '#1003' } });
  add(stoppedToo, 'intake_received', -89, { system: 'shopify-eu' });
  add(stoppedToo, 'erp_create_sales_order', -88, {
    system: 'netsuite',
    status: 'quarantined',
    case_id: 'case-4',
    ...mapped,
  });
  addCase(stopped, 'case-2', 'tax', [
    { type: 'opened', minutes: -197 },
    { type: 'assigned', minutes: -150, more: { status: 'assigned', assignee: 'sam' } },
  ]);
  addCase(stoppedToo, 'case-4', 'tax', [{ type: 'opened', minutes: -88 }]);
  addCase(shipped, 'case-1', 'tax', [
    { type: 'opened', minutes: -297 },
    {
      type: 'mapping_added',
      minutes: -296.5,
      detail: { kind: 'tax_code', system: 'netsuite', code: 'TX-8', target: '42' },
    },
    { type: 'replay_requested', minutes: -296.2, more: { status: 'replaying' } },
    {
      type: 'resolved',
      minutes: -296,
      more: { status: 'resolved', closed_at: at(-296), outcome: 'The order went on.' },
    },
  ]);
  await story.land(server.clickhouse);
});
afterAll(() => server.close());

const noFilter = {
  from: at(-1440),
  to: at(1),
  accepted: false,
  now,
  ...stepTargetsOf({ sla }),
  channels: [],
  lifecycles: [],
  entities: [],
  problem: '' as const,
  terms: [],
  prefix: '',
  personal: false,
};
type Filter = z.input<ReturnType<typeof orderCount>['params']>;
const placed = orderList({ searched: false, sort: 'placed', descending: true });
const numbers = async (filter: Partial<Filter>, query = placed) =>
  (await runQuery(server.clickhouse, query, { ...noFilter, ...filter, limit: 50, offset: 0 })).map(
    (row) => row.business_key,
  );
const found = (filter: Partial<Filter>) =>
  numbers(filter, orderList({ searched: true, sort: 'placed', descending: true }));

describe('the order list', () => {
  it('lists the orders of a window, newest placed first, and pages', async () => {
    expect(await numbers({})).toEqual(['#1004', '#1003', '#1002', '#1001']);
    expect(await numbers({ from: at(-200), to: at(-90) })).toEqual(['#1003', '#1002']);
    const page = await runQuery(server.clickhouse, placed, { ...noFilter, limit: 2, offset: 1 });
    expect(page.map((row) => row.business_key)).toEqual(['#1003', '#1002']);
  });

  it('lists what was accepted within a window, as many as the figure of it says, whenever it was placed', async () => {
    const window = { from: at(-199.5), to: at(-89.5) };
    expect(await numbers(window)).toEqual(['#1004', '#1003']);
    expect(await numbers({ ...window, accepted: true })).toEqual(['#1003', '#1002']);
    const counted = await runQuery(server.clickhouse, orderIntake, { before: at(-400), ...window });
    expect(counted).toEqual([{ orders: 2, orders_before: 1 }]);
    const filter = { ...noFilter, ...window, accepted: true };
    expect(await runQuery(server.clickhouse, orderCount({ searched: false }), filter)).toMatchObject([{ orders: 2 }]);
    expect(await found({ ...window, accepted: true, terms: ['#1001', '#1002'] })).toEqual(['#1002']);
  });

  it('filters by channel, lifecycle, entity and trouble', async () => {
    expect(await numbers({ channels: ['web-eu'] })).toEqual(['#1004', '#1003']);
    expect(await numbers({ lifecycles: ['financially_settled'] })).toEqual(['#1001']);
    expect(await numbers({ lifecycles: ['allocated'] })).toEqual(['#1002']);
    expect(await numbers({ entities: ['us-retail'] })).toEqual(['#1002', '#1001']);
    expect(await numbers({ problem: 'case' })).toEqual(['#1004', '#1002']);
    expect(await numbers({ problem: 'late' })).toEqual(['#1002']);
    expect(await numbers({ problem: 'stuck' })).toEqual(['#1002']);
    expect(await numbers({ problem: 'none' })).toEqual(['#1003', '#1001']);
  });

  it('sorts by amount and puts orders without a deadline last', async () => {
    expect(await numbers({}, orderList({ searched: false, sort: 'amount', descending: false }))).toEqual([
      '#1004',
      '#1002',
      '#1003',
      '#1001',
    ]);
    expect(await numbers({}, orderList({ searched: false, sort: 'deadline', descending: false }))).toEqual([
      '#1002',
      '#1003',
      '#1004',
      '#1001',
    ]);
  });

  it('finds by number, SKU, ERP document and tracking number, and many at once', async () => {
    expect(await found({ terms: ['#1001'] })).toEqual(['#1001']);
    expect(await found({ terms: ['sku-b'] })).toEqual(['#1001']);
    expect(await found({ terms: ['so-77'] })).toEqual(['#1001']);
    expect(await found({ prefix: '1z9' })).toEqual(['#1001']);
    expect(await found({ terms: ['#1001', '#1003', 'nothing'] })).toEqual(['#1003', '#1001']);
  });

  it('tells of each number whether an order has it, and whether the filters leave that order', async () => {
    const ask = async (filter: Partial<Filter>) =>
      (await runQuery(server.clickhouse, termsFound, { ...noFilter, ...filter }))
        .map(({ term, listed }) => `${term} ${listed ? 'listed' : 'left out'}`)
        .sort();
    const terms = ['#1001', '1001', 'so-77', '#1003', '9999', '#9999', 'kim@example.com'];
    expect(await ask({ terms })).toEqual(['#1001 listed', '#1003 listed', 'so-77 listed']);
    expect(await ask({ terms, personal: true })).toContain('kim@example.com listed');
    expect(await ask({ terms, channels: ['web-eu'] })).toEqual(['#1001 left out', '#1003 listed', 'so-77 left out']);
  });

  it('finds by customer only for who may', async () => {
    expect(await found({ terms: ['kim@example.com'] })).toEqual([]);
    expect(await found({ terms: ['kim@example.com'], personal: true })).toEqual(['#1001']);
  });

  it('counts what it lists, and gives the latencies of the raw events', async () => {
    const [count] = await runQuery(server.clickhouse, orderCount({ searched: false }), noFilter);
    expect(count).toEqual({ orders: 4, late: 1, with_case: 2 });
    const rows = await runQuery(server.clickhouse, placed, { ...noFilter, limit: 50, offset: 0 });
    const first = rows.find((row) => row.business_key === '#1001');
    expect(first).toMatchObject({ erp_ms: 5 * 60_000, released_ms: 10 * 60_000, open_case: '', is_open: false });
    expect(rows.find((row) => row.business_key === '#1002')).toMatchObject({
      open_case: 'case-2',
      erp_ms: null,
      is_open: true,
    });
  });

  it.each(orderSorts.flatMap((sort) => [[sort, true] as const, [sort, false] as const]))(
    'sorts by %s, descending %s',
    async (sort: OrderSort, descending) => {
      expect(await numbers({}, orderList({ searched: false, sort, descending }))).toHaveLength(4);
    },
  );
});

describe('one order', () => {
  const key = { key: shipped.key };
  it('has its milestones by event time, steps, postings, cases and references', async () => {
    const [order] = await runQuery(server.clickhouse, orderByKey, { ...key, now });
    expect(order).toMatchObject({
      business_key: '#1001',
      lifecycle: 'financially_settled',
      erp_confirmed_at: at(-295),
      released_at: at(-290),
      settled_at: at(-60),
      delivered_at: '',
    });
    const steps = await runQuery(server.clickhouse, transactionSteps, { flow: 'order_to_cash', ...key });
    expect(steps.map((step) => step.ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(steps[0]?.attributes).toMatchObject({ intake_seq: '11' });
    const postings = await runQuery(server.clickhouse, orderPostings, key);
    expect(postings).toMatchObject([
      { posting_key: 'so:1', document: 'sales_order', document_number: 'SO-77', state: 'posted', attempts: 2 },
    ]);
    const cases = await runQuery(server.clickhouse, orderCases, key);
    expect(cases).toMatchObject([{ case_id: 'case-1', status: 'resolved', is_open: false }]);
    const references = await runQuery(server.clickhouse, orderReferences, key);
    expect(references).toContainEqual({ kind: 'sku', value: 'SKU-A' });
  });
});

describe('the quarantine inbox', () => {
  const filter = {
    state: 'open' as const,
    statuses: [],
    assignee: '',
    steps: [],
    classes: [],
    systems: [],
    fingerprint: '',
    search: '',
    currencies: ['USD', 'EUR'],
    rates: ['1', '1.10'],
  };
  const list = async (
    more: Partial<Parameters<typeof inbox>[0]> = {},
    sort: CaseSort = 'urgency',
    descending = false,
  ) => (await inbox({ ...filter, ...more }, sort, descending)).map((row) => row.case_id);
  const inbox = (
    params: z.input<typeof caseCount.params> extends infer P ? Omit<P, 'now'> : never,
    sort: CaseSort,
    descending: boolean,
  ) => runQuery(server.clickhouse, caseList({ sort, descending }), { ...params, limit: 50, offset: 0 });

  it('comes by deadline, then by money', async () => {
    expect(await list()).toEqual(['case-2', 'case-4']);
    expect(await list({ state: 'all' })).toEqual(['case-2', 'case-4', 'case-1']);
    expect(await list({ state: 'closed' })).toEqual(['case-1']);
  });
  it.each(caseSorts.flatMap((sort) => [[sort, true] as const, [sort, false] as const]))(
    'sorts by %s, descending %s',
    async (sort: CaseSort, descending) => {
      expect(await list({ state: 'all' }, sort, descending)).toHaveLength(3);
    },
  );
  it('filters by status, assignee, step, class, system and words', async () => {
    expect(await list({ statuses: ['assigned'] })).toEqual(['case-2']);
    expect(await list({ assignee: 'nobody' })).toEqual(['case-4']);
    expect(await list({ assignee: 'sam' })).toEqual(['case-2']);
    expect(await list({ steps: ['validate'] })).toEqual([]);
    expect(await list({ classes: ['mapping'], systems: ['netsuite'] })).toEqual(['case-2', 'case-4']);
    expect(await list({ search: '#1004' })).toEqual(['case-4']);
  });
  it('counts groups as long as the lists behind them, with their value in the reporting currency', async () => {
    const [grouped] = await runQuery(server.clickhouse, caseGroups, { ...filter, now, limit: 50, offset: 0 });
    const groups = grouped?.page ?? [];
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ fingerprint: 'tax', cases: 2, unassigned: 1 });
    expect(Number(groups[0]?.value)).toBeCloseTo(50.25 + 11);
    expect(await list({ fingerprint: 'tax' })).toHaveLength(2);
    const [count] = await runQuery(server.clickhouse, caseCount, { ...filter, now });
    expect(count).toMatchObject({ cases: 2, groups: 1, oldest: at(-197), late: 1, next_breach: at(60) });
    const [figures] = await runQuery(server.clickhouse, caseFigures, { ...filter, assignee: 'nobody', now });
    expect(figures?.assignees.sort(), 'choices are of all cases, whatever is chosen').toEqual(['', 'sam']);
  });
  it('knows how the cases of a cause came and went', async () => {
    const [trend, ...more] = await runQuery(server.clickhouse, causeTrends, { fingerprints: ['tax', 'other'], now });
    expect(more).toEqual([]);
    expect(trend).toEqual({
      fingerprint: 'tax',
      first_at: at(-297),
      day_before: 3,
      last_hour: 0,
      last_cured_at: at(-296),
    });
    expect(await runQuery(server.clickhouse, causesOpenSince, { fingerprints: ['tax', 'other'], now })).toEqual([
      { fingerprint: 'tax', open_since: at(-197) },
    ]);
    const earlier = { fingerprints: ['tax'], now: at(-60) };
    expect(await runQuery(server.clickhouse, causeTrends, earlier)).toMatchObject([{ day_before: 2, last_hour: 1 }]);
  });
  it('tells what cured a cause before, and how many cases are alike', async () => {
    const cures = await runQuery(server.clickhouse, curesBefore, { fingerprint: 'tax', case_id: 'case-2' });
    expect(cures).toMatchObject([{ case_id: 'case-1', type: 'mapping_added', detail: { code: 'TX-8', target: '42' } }]);
    expect(await runQuery(server.clickhouse, casesAlike, { fingerprint: 'tax', case_id: 'case-2' })).toEqual([
      { open: 1 },
    ]);
  });
});
