import { afterAll, beforeAll, expect, it } from 'vitest';
import { transactionBreakdown, transactionsInCommon } from '#app/queries/transaction-breakdown.ts';
import { funnelSteps, funnelStops } from '#app/queries/transaction-funnel.ts';
import { transactionFigures } from '#app/queries/transaction-latency.ts';
import { transactionList } from '#app/queries/transaction-list.ts';
import { facets } from '#app/transactions/attributes.ts';
import { readTransactionFilter } from '#app/transactions/filters.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';
import { smallEstate } from '#tests/support/console.ts';
import { at, createOrderStory, type OrderFixture } from '#tests/support/order-story.ts';

const attacks = [
  `'`,
  `"`,
  '\\',
  `\\'`,
  `x' OR '1'='1`,
  `']) OR 1 OR has(['`,
  `') UNION ALL SELECT * FROM steps --`,
  `'; DROP TABLE transaction_states; --`,
  '{from:String}',
  '{only:Array(String)}',
  '$' + '{1}',
  'a\u0000b',
  '\n\t\r',
  '%_*?[a-z]',
  '=',
  'channel=web',
  'Ω 漢字 🛒 \u202e',
  'x'.repeat(100_000),
];

const order = (number: number, channel: string): OrderFixture => ({
  key: `shop==${number}`,
  number: `#${number}`,
  placed: -30,
  channel,
  amount: '10.00',
  currency: 'USD',
  deadline: undefined,
});

let server: TestClickHouse;
beforeAll(async () => {
  server = await startClickHouse();
  const story = createOrderStory();
  story.add(order(1, 'web'), 'validate', 0);
  story.add(order(2, 'tills'), 'validate', 1);
  // Some channels are called what an attack is: they are found, and nothing else.
  for (const [index, attack] of attacks.entries())
    story.add(order(100 + index, attack.slice(0, 200)), 'validate', 2, { sku: attack.slice(0, 200) });
  await story.land(server.clickhouse);
}, 60_000);
afterAll(() => server.close());

const filterOf = (more: Record<string, string>) =>
  readTransactionFilter(
    new URLSearchParams({ range: 'custom', from: at(-60), to: at(60), ...more }),
    smallEstate,
    new Date(at(30)),
  );
const list = async (more: Record<string, string>) =>
  runQuery(server.clickhouse, transactionList('occurred', true), { ...filterOf(more), limit: 1_000, offset: 0 });
const everyOrder = 2 + attacks.length;

it.each(attacks.slice(0, -1).map((attack, index) => [attack, `shop==${100 + index}`]))(
  'finds only what is called %j',
  async (attack, key) => {
    for (const facet of ['channel', 'sku']) {
      expect((await list({ [facet]: attack })).map((row) => row.key)).toEqual([key]);
      expect(await list({ [`not.${facet}`]: attack })).toHaveLength(everyOrder - 1);
    }
  },
);

it.each(attacks)('takes %j for text wherever an address can have it', async (attack) => {
  const names = facets.filter((facet) => !['state', 'channel', 'sku'].includes(facet));
  // Nothing but spaces searches for nothing.
  for (const name of [...names, 'done', ...(attack.trim() === '' ? [] : ['q'])])
    expect(await list({ [name]: attack }), name).toEqual([]);
  for (const name of ['not.region', 'not.tier', 'not.step', 'not.done', 'not.error'])
    expect(await list({ [name]: attack }), name).toHaveLength(everyOrder);
  for (const name of ['state', 'not.state', 'flow', 'of', 'latency', 'show', 'pick', 'compare'])
    expect(filterOf({ [name]: attack }), name).toEqual(filterOf({}));
});

it.each(attacks)('answers every question of the page for %j', async (attack) => {
  const filter = filterOf({ channel: attack, 'not.sku': attack, 'not.done': attack, q: attack, latency: '1-' });
  const { clickhouse } = server;
  await runQuery(clickhouse, transactionBreakdown, { ...filter, bucket: 60 });
  await runQuery(clickhouse, transactionsInCommon, { ...filter, selection: 'span', slow_over_ms: 0 });
  await runQuery(clickhouse, funnelSteps, filter);
  await runQuery(clickhouse, funnelStops, filter);
  const [figures] = await runQuery(clickhouse, transactionFigures, filter);
  expect(figures?.transactions).toBe(0);
  expect(await list({})).toHaveLength(everyOrder);
});
