import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderList } from '#app/queries/order-list.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import { stuckOrders } from '#app/queries/stuck-orders.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { startClickHouse, type TestClickHouse } from '../support/clickhouse.ts';
import { at, createOrderStory, type OrderFixture } from '../support/order-story.ts';

const { events, add, land } = createOrderStory();
let server: TestClickHouse;
beforeAll(async () => {
  addMovingOrders();
  server = await startClickHouse();
  await land(server.clickhouse);
});
afterAll(() => server.close());

/** Seconds after an order was placed, by tier and milestone; every milestone's own share differs. */
const sla = {
  express: { acknowledge_s: 60, erp_s: 300, release_s: 660, ship_s: 7_200 },
  standard: { acknowledge_s: 60, erp_s: 360, release_s: 900, ship_s: 9_000 },
  economy: { acknowledge_s: 120, erp_s: 900, release_s: 3_600, ship_s: 21_600 },
} as const;
type Tier = keyof typeof sla;
type Milestone = keyof (typeof sla)['standard'];

/** The steps of an order and the milestone each leads to; of those after the shipment nothing is due. */
const flowSteps: readonly (readonly [step: string, milestone: Milestone | undefined, before: Milestone | undefined])[] =
  [
    ['intake_received', 'acknowledge_s', undefined],
    ['validate', 'acknowledge_s', undefined],
    ['reserve_stock', 'acknowledge_s', undefined],
    ['acknowledge_channel', 'acknowledge_s', undefined],
    ['erp_create_sales_order', 'erp_s', 'acknowledge_s'],
    ['wms_release', 'release_s', 'erp_s'],
    ['shipment_confirmed', 'ship_s', 'release_s'],
    ['capture_payment', undefined, undefined],
    ['delivered', undefined, undefined],
    ['settle', undefined, undefined],
  ];
/** The orders of `addMovingOrders` were placed around this minute, two days before the others. */
const twoDaysAgo = -2_880;

const moving: OrderFixture = {
  key: '',
  number: '',
  placed: twoDaysAgo,
  channel: 'web-us',
  amount: '10.00',
  currency: 'USD',
  deadline: undefined,
};

/** Orders of every tier that stand at every step in every state, at a pace of their own; some state no tier. */
function addMovingOrders() {
  const tiers: readonly (Tier | undefined)[] = ['express', 'standard', 'economy', undefined];
  const statuses = ['completed', 'started', 'retrying', 'quarantined', 'failed'] as const;
  let number = 5_000;
  for (const tier of tiers)
    for (const [last] of flowSteps.entries())
      for (const status of statuses) {
        const placed = twoDaysAgo + (number % 7);
        const order = { ...moving, key: `shopify-us==${++number}`, number: `#${number}`, placed };
        for (const [i, [step]] of flowSteps.slice(0, last + 1).entries()) {
          const ended = i < last ? 'completed' : status;
          const next = flowSteps[ended === 'completed' ? i + 1 : i]?.[1];
          const deadline = next === undefined ? undefined : placed + sla[tier ?? 'standard'][next] / 60;
          add({ ...order, deadline }, step, placed + 0.1 + i * 0.05 * (1 + (number % 3)), {
            status: ended,
            ...(ended === 'started' ? { ended_at: '' } : {}),
            ...(i === 0 && tier !== undefined ? { attributes: { tier } } : {}),
          });
        }
      }
}

/** "Open and past its deadline, or no step for longer than its next step's target", from nothing but the events. */
function stuckByHand(minutes: number): { late: string[]; silent: string[] } {
  const result = { late: [] as string[], silent: [] as string[] };
  for (const key of new Set(events.map((event) => event.key))) {
    const own = events.filter((event) => event.key === key);
    const last = own.at(-1);
    if (last === undefined || Date.parse(last.occurred_at) >= Date.parse(at(twoDaysAgo + 60))) continue;
    const finished = last.step === 'settle' && last.status === 'completed';
    const next = flowSteps.findIndex(([step]) => step === last.step) + (last.status === 'completed' ? 1 : 0);
    const [, milestone, before] = flowSteps[next] ?? [];
    if (finished || milestone === undefined) continue;
    const targets = sla[(own[0]?.attributes['tier'] as Tier | undefined) ?? 'standard'];
    const ownTarget = targets[milestone] - (before === undefined ? 0 : targets[before]);
    const asked = Date.parse(at(minutes));
    const late = asked > Date.parse(last.occurred_at) + targets[milestone] * 1_000;
    const silent = asked - Date.parse(last.ended_at || last.started_at) > ownTarget * 1_000;
    if (late) result.late.push(last.business_key);
    else if (silent) result.silent.push(last.business_key);
  }
  return result;
}

const noFilter = {
  accepted: false,
  now: at(0),
  ...stepTargetsOf({ sla }),
  channels: [],
  lifecycles: [],
  entities: [],
  terms: [],
  prefix: '',
  personal: false,
};

const byPlace = orderList({ searched: false, sort: 'placed', descending: true });

describe('the order list', () => {
  it('calls an order stuck that is late, or has had no step for longer than its next step’s target', async () => {
    const window = { from: at(twoDaysAgo), to: at(twoDaysAgo + 60) };
    const everybody = orderList({ searched: false, sort: 'number', descending: false });
    const ask = async (problem: 'stuck' | 'late' | 'none', minutes: number) => {
      const params = { ...noFilter, ...window, now: at(minutes), problem, limit: 1_000, offset: 0 };
      return (await runQuery(server.clickhouse, everybody, params)).map((row) => row.business_key);
    };
    let silentOnes = 0;
    for (const minutes of [1, 2, 4.6, 5.8, 7, 9.5, 12, 16, 20, 45, 62, 115, 140, 200, 330, 400].map(
      (after) => twoDaysAgo + after,
    )) {
      const { late, silent } = stuckByHand(minutes);
      silentOnes += silent.length;
      expect(await ask('late', minutes)).toEqual([...late].sort());
      expect(await ask('stuck', minutes)).toEqual([...late, ...silent].sort());
      const untroubled = await ask('none', minutes);
      expect(untroubled.filter((number) => late.includes(number) || silent.includes(number))).toEqual([]);
    }
    expect(silentOnes).toBeGreaterThan(50);
  });

  it('lists an open order that nothing is due of as one without a problem', async () => {
    const window = { from: at(twoDaysAgo), to: at(twoDaysAgo + 60), limit: 1_000, offset: 0 };
    const rows = await runQuery(server.clickhouse, byPlace, { ...noFilter, ...window, problem: 'none' });
    expect(rows.filter((row) => row.is_open && row.step === 'delivered').length).toBeGreaterThan(0);
  });
});

describe('the stuck orders of Live', () => {
  it('leaves an order out whose end lies in rows that are not merged yet', async () => {
    const window = { from: at(twoDaysAgo), to: at(twoDaysAgo + 60) };
    const now = at(twoDaysAgo + 400);
    const ask = () => runQuery(server.clickhouse, stuckOrders, { ...stepTargetsOf({ sla }), since: window.from, now });
    const before = (await ask())[0]?.stuck ?? 0;
    expect(before).toBeGreaterThan(1);
    const standing = events.find(
      (event) => event.step === 'intake_received' && event.ordinal === 1 && event.status === 'retrying',
    );
    if (standing === undefined) throw new Error('Nothing stands at its intake.');
    await server.clickhouse.command('SYSTEM STOP MERGES order_standing');
    const later = createOrderStory();
    for (const [ordinal, status] of [
      [2, 'started'],
      [3, 'completed'],
    ] as const)
      later.add({ ...moving, key: standing.key, number: standing.business_key }, 'settle', twoDaysAgo + 1, {
        event_id: `${standing.key}:${ordinal}`,
        occurred_at: standing.occurred_at,
        ordinal,
        status,
      });
    await later.land(server.clickhouse);
    expect((await ask())[0]?.stuck).toBe(before - 1);
    await server.clickhouse.command('SYSTEM START MERGES order_standing');
  });
});
