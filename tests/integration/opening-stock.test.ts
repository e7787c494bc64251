import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { silentLog } from '#platform/log.ts';
import { createStockClient, type StockClient } from '#sync-engine/stock/client.ts';
import { type CliEstate, startCliEstate } from '../support/cli-estate.ts';
import { readJournal } from '../support/stock.ts';

let cli: CliEstate;
let stock: StockClient;
const counted = ['--counted-at', '2026-11-29T04:00:00Z', '--reason', 'the cut-over'];
const shelved = 'OPEN-1';
const other = 'OPEN-2';

beforeAll(async () => {
  cli = await startCliEstate();
  stock = createStockClient(cli.estate.nc, cli.estate.estate);
  const master = await createMasterData(cli.estate.nc, silentLog);
  for (const sku of [shelved, other])
    await master.putProduct({
      ...{ schema_version: 1, sku, title: sku, active: true, brand: 'northwind', unit_of_measure: 'EA' },
      updated_at: new Date().toISOString(),
    });
  master.stop();
}, 60_000);
afterAll(() => cli.close());

const onHand = async (sku: string) =>
  Object.fromEntries((await stock.positions([sku])).map(({ location, on_hand }) => [location, on_hand]));
const openings = async () =>
  [...(await readJournal(cli.estate.nc)).values()]
    .flat()
    .flatMap(({ facts }) =>
      facts.flatMap((fact) => (fact.fact === 'changed' && fact.change.source === 'opening-stock' ? [fact] : [])),
    );

test('a file of which a row is wrong is loaded not at all, and each such row is named with its line', async () => {
  const file = await cli.fileOf(
    'wrong.csv',
    [
      'sku,location,on_hand',
      `${shelved},dc-east,12`,
      `${shelved},dc-east,13`,
      `${other},dc-east,-1`,
      `${other},dc west,1`,
      `${other},dc-east,1,2`,
    ].join('\n'),
  );
  const run = await cli.syncline('stock', 'open', file, ...counted);
  expect(run.code).toBe(1);
  expect(run.stdout.trim().split('\n')).toEqual([
    `line 3: ${shelved}@dc-east stands in line 2 already`,
    'line 4: on_hand: expected a whole number of units, not "-1"',
    'line 5: location: expected lower-case letters, digits and hyphens',
    'line 6: has 4 columns instead of 3',
  ]);
  const strange = await cli.fileOf(
    'strange.csv',
    `sku,location,on_hand\n${shelved},dc-east,12\nNO-SUCH,dc-east,1\n${other},dc-moon,1\n`,
  );
  const refused = await cli.syncline('stock', 'open', strange, ...counted);
  expect(refused.stdout).toContain('line 3: NO-SUCH@dc-east: the item master does not know this SKU');
  expect(refused.stdout).toContain(`line 4: ${other}@dc-moon: the estate has no such location`);
  expect(await openings()).toEqual([]);
}, 60_000);

test('opening counts are journalled once, however often the file is loaded, and as history', async () => {
  const file = await cli.fileOf(
    'opening.csv',
    `sku,location,on_hand\n${shelved},dc-east,12\n${shelved},dc-west,0\n${other},dc-east,7\n`,
  );
  expect(await cli.done('stock', 'open', file, ...counted, '--dry-run')).toContain('3 items would be opened');
  expect(await openings()).toEqual([]);
  expect(await cli.json('stock', 'open', file, ...counted)).toEqual({ opened: 3, known: 0, refused: [] });
  expect(await cli.json('stock', 'open', file, ...counted)).toEqual({ opened: 0, known: 3, refused: [] });
  expect(await onHand(shelved)).toEqual({ 'dc-east': 12, 'dc-west': 0 });
  const facts = await openings();
  expect(facts.map(({ origin, change }) => `${origin} ${change.reason}`)).toEqual(Array(3).fill('backfill count'));

  const consumer = await cli.estate.js.consumers.get('STEPS', { filter_subjects: 'steps.*.inventory_sync.>' });
  for await (const message of await consumer.consume()) {
    const event = message.json<StepEvent>();
    if (event.sku !== shelved || event.step !== 'stock_changed') continue;
    expect(event.origin).toBe('backfill');
    break;
  }
}, 60_000);

test('what was begun is gone on with, and what moved meanwhile is not overwritten unless told', async () => {
  const sale = { reason: 'sale', quantity: -2, version: 1, occurred_at: new Date().toISOString() } as const;
  await stock.change({
    ...{ schema_version: 1, change_id: 'a-sale', source: 'wms-east', sku: shelved, location: 'dc-east' },
    ...sale,
  });
  const file = await cli.fileOf(
    'corrected.csv',
    `sku,location,on_hand\n${shelved},dc-east,20\n${shelved},dc-west,0\n${other},dc-west,3\n`,
  );
  const refused = await cli.syncline('stock', 'open', file, ...counted);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('line 2');
  expect(refused.stdout).toContain('has moved already');
  expect(await onHand(other)).toEqual({ 'dc-east': 7 });
  expect(await cli.json('stock', 'open', file, ...counted, '--over')).toEqual({ opened: 2, known: 1, refused: [] });
  expect(await onHand(shelved)).toEqual({ 'dc-east': 20, 'dc-west': 0 });
  // Its warehouse goes on from there, by its own numbering.
  await stock.change({
    ...{ schema_version: 1, change_id: 'another-sale', source: 'wms-east', sku: shelved, location: 'dc-east' },
    ...{ ...sale, version: 2 },
  });
  expect(await onHand(shelved)).toEqual({ 'dc-east': 18, 'dc-west': 0 });
}, 60_000);

test('who may not is refused, and nobody counts tomorrow', async () => {
  const items = [{ sku: shelved, location: 'dc-east', on_hand: 1 }];
  const asked = { counted_at: '2026-11-29T04:00:00.000Z', reason: 'x', over: true, items };
  const finance = { id: 'fay', roles: ['finance' as const] };
  const olga = { id: 'olga', roles: ['operations' as const] };
  const { nc } = cli.estate;
  expect(await requestCommand(nc, 'stock.open', { ...asked, actor: finance })).toMatchObject({
    error: { code: 'forbidden' },
  });
  const counted_at = new Date(Date.now() + 86_400_000).toISOString();
  expect(await requestCommand(nc, 'stock.open', { ...asked, actor: olga, counted_at })).toMatchObject({
    error: { code: 'invalid', fields: [{ path: '/counted_at' }] },
  });
});
