import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { allocationReference, transactionKey } from '#contracts/v1/key.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { depositorOrderNumber } from '#sync-engine/edi/map/warehouse-order.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { setOf } from '#tests/fixtures/edi.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { advice, warehouseAt, x12WarehouseAt } from '../support/x12-warehouse.ts';

const root = mkdtempSync(join(tmpdir(), 'x12-'));
const { put, outgoing, archived, interchange, documents } = warehouseAt(root);
const fromThem = join(root, 'in');
let estate: TestEngine;

beforeAll(async () => {
  estate = await startEngine({
    estate: (base) => ({
      ...base,
      systems: base.systems.map((one) => (one.id === 'wms-east' ? x12WarehouseAt(root) : one)),
    }),
  });
}, 60_000);
afterAll(async () => {
  await estate.close();
  rmSync(root, { recursive: true });
});

const messages = async () => {
  const info = await estate.manager.streams.info(streams.intake, { subjects_filter: 'intake.*.wms-east.>' });
  return info.state.subjects ?? {};
};

async function released(id: number) {
  const key = await estate.placeOrder({ id });
  const number = depositorOrderNumber(key);
  const order = await outgoing('ST*940*', `W05*N*${number}*`);
  return { key, number, order };
}

test('an order goes out as a 940, is acknowledged and shipped by files, and is captured', async () => {
  const { key, number, order } = await released(71_001);
  const control = /GS\*OW\*[^~]*\*(\d+)\*X\*/.exec(order)?.[1] ?? '';
  const accepted = interchange('FA', [setOf('997', `AK1*OW*${control}\nAK2*940*0001\nAK5*A\nAK9*A*1*1*1`)]);
  await put('ack.x12', accepted);
  await archived('ack.x12');
  await put('advice.x12', interchange('SW', [advice(order, number)]));
  const events = await estate.until(key, ({ step, status }) => step === 'capture_payment' && status === 'completed');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  expect(events.filter(({ step, status }) => step === 'wms_release' && status === 'retrying')).toEqual([]);
  await outgoing('AK1*SW*', 'AK5*A~', 'AK9*A*1*1*1~');

  // Sent once more under another name: answered as a duplicate, and nothing happens.
  const before = await messages();
  await put('again.x12', await readFile(join(fromThem, 'archive', await archived('advice.x12'))));
  await outgoing('TA1*', '*R*025~');
  await archived('again.x12');
  expect(await messages()).toEqual(before);
  const captures = (await estate.events(key)).filter(
    ({ step, status }) => step === 'capture_payment' && status === 'completed',
  );
  expect(captures).toHaveLength(1);
  const orders = (await documents()).filter((text) => text.includes(`W05*N*${number}*`));
  expect(orders).toHaveLength(1);
}, 60_000);

test('a wrong count is answered by a 997 that names it, and is a case', async () => {
  const { number, order } = await released(71_002);
  await put('wrong.x12', interchange('SW', [advice(order, number, 99)]));
  await outgoing('AK1*SW*', 'AK5*R*4~', 'AK9*R*1*1*0');
  await archived('wrong.x12');
  const seq = await lastOf('intake.fulfilment.wms-east.x12-rejected');
  const key = transactionKey('wms-east', `intake-${seq}`);
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  expect(events.at(-1)).toMatchObject({ error_code: 'x12_set_4', error_path: '/945[1]/SE[1]/SE01' });
}, 60_000);

test('a file that is no X12 is a case and is kept', async () => {
  await put('notes.txt', Buffer.from('Dear customer, the dock is closed on Monday.'));
  await archived('notes.txt');
  const key = transactionKey('wms-east', `intake-${await lastOf('intake.fulfilment.wms-east.x12-rejected')}`);
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  expect(events.at(-1)).toMatchObject({ error_code: 'x12_document_not_x12' });
}, 60_000);

const lastOf = async (subject: string): Promise<number> =>
  (await estate.manager.streams.getMessage(streams.intake, { last_by_subj: subject }))?.seq ?? 0;

test('a receipt adds to the stock and an inventory advice counts it', async () => {
  const sku = estate.simulator.catalogue.active[3]?.sku ?? '';
  const receipt = `W17*F*20261129*RC-1\nN1*WH**92*ALLENTOWN\nW07*30*EA**VN*${sku}\nW14*30`;
  await put('receipt.x12', interchange('RE', [setOf('944', receipt)]));
  await onHand(sku, 100_030);
  await count('INV-1', '2300', sku, 99);
}, 60_000);

test('what is sent once it came in is released under a number of its own, and its advice ships it', async () => {
  const sku = estate.simulator.catalogue.active[1]?.sku ?? '';
  const stock = createStockClient(estate.nc, estate.estate);
  for (const { location } of await stock.positions([sku]))
    if (location !== 'dc-east')
      await stock.change({
        ...{ schema_version: 1, change_id: `none-${location}`, source: 'test', sku, location, reason: 'count' },
        ...{ quantity: 0, version: Date.now(), occurred_at: new Date().toISOString() },
      });
  await count('INV-2', '2310', sku, 0);
  const first = await released(71_004);
  await put('part.x12', interchange('SW', [advice(first.order, first.number)]));
  await estate.until(first.key, ({ step, status }) => step === 'shipment_confirmed' && status === 'completed');
  // One for the order of before that still waits, one for this.
  await count('INV-3', '2320', sku, 2);

  const reference = allocationReference(first.key, 2);
  const number = depositorOrderNumber(reference);
  const order = await outgoing('ST*940*', `W05*N*${number}*`);
  expect(order).toContain(`N9*CR*${first.key}~`);
  await put('rest.x12', interchange('SW', [advice(order, number)]));
  const events = await estate.until(first.key, ({ step, status }) => step === 'settle' && status === 'completed');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  const shipped = events.filter(({ step, status }) => step === 'shipment_confirmed' && status === 'completed');
  expect(shipped.map(({ attributes }) => attributes['ref_shipment'])).toEqual([`SHP-${first.number}`, `SHP-${number}`]);
  const left = (await stock.positions([sku])).find(({ location }) => location === 'dc-east');
  expect(left).toMatchObject({ on_hand: 1, reserved: 1 });
}, 60_000);

async function onHand(sku: string, quantity: number): Promise<void> {
  const stock = createStockClient(estate.nc, estate.estate);
  await vi.waitFor(
    async () => {
      const positions = await stock.positions([sku]);
      expect(positions.find(({ location }) => location === 'dc-east')?.on_hand).toBe(quantity);
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** The warehouse counts one product. */
async function count(number: string, time: string, sku: string, quantity: number): Promise<void> {
  const counts = `BIA*00*DD*${number}*20261129*${time}\nN1*WH**92*ALLENTOWN\nLIN*1*VN*${sku}\nQTY*17*${quantity}*EA\nCTT*1`;
  await put(`${number}.x12`, interchange('IB', [setOf('846', counts)]));
  await onHand(sku, quantity);
}

test('an order that a 997 rejects is a case with its words', async () => {
  const { order } = await released(71_003);
  const control = /GS\*OW\*[^~]*\*(\d+)\*X\*/.exec(order)?.[1] ?? '';
  const rejection = `AK1*OW*${control}\nAK2*940*0001\nAK3*N4*6**8\nAK4*2*156*7*NY\nAK5*R*5\nAK9*R*1*1*0`;
  await put('rejection.x12', interchange('FA', [setOf('997', rejection)]));
  await archived('rejection.x12');
  const key = transactionKey('wms-east', `intake-${await lastOf('intake.fulfilment.wms-east.x12-997')}`);
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  expect(events.at(-1)).toMatchObject({ error_code: 'document_rejected', error_path: '/997[1]/AK9[1]/AK901' });
}, 60_000);

test('a document that no message holds is a case, and the file behind it is taken', async () => {
  const lines = Array.from({ length: 24_000 }, (_, i) => `LX*${i + 1}\nW12*CC*1*1**EA**VN*SKU-${i}-OF-A-LONG-DOCUMENT`);
  const long = setOf('945', `W06*F*R1*20261129*LONG\n${lines.join('\n')}`);
  await put('long.x12', interchange('SW', [long]));
  await put('other.txt', Buffer.from('The dock is open again.'));
  await archived('long.x12');
  await archived('other.txt');
  const key = transactionKey('wms-east', `intake-${await lastOf('intake.fulfilment.wms-east.x12-too_large')}`);
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  expect(events.at(-1)).toMatchObject({ error_code: 'document_too_large' });
}, 60_000);
