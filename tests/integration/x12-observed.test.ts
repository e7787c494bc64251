import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#contracts/v1/subjects.ts';
import { setOf } from '#tests/fixtures/edi.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { warehouseAt, x12WarehouseAt } from '../support/x12-warehouse.ts';

/** A warehouse that exchanges X12 files and is only observed: somebody else answers it and puts its files away. */
const root = mkdtempSync(join(tmpdir(), 'x12-observed-'));
const { put, archived, interchange, documents, outgoing } = warehouseAt(root);
const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
let engine: TestEngine;

beforeAll(async () => {
  // Made by whoever exchanges files with it now.
  for (const folder of ['in', 'out']) await mkdir(join(root, folder));
  engine = await startEngine({
    estate: (base) => ({
      ...base,
      systems: base.systems.map((one) =>
        one.id === 'wms-east' ? { ...x12WarehouseAt(root), mode: 'observe' as const } : one,
      ),
    }),
  });
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

const inbox = async () => (await readdir(join(root, 'in'))).sort();

/** A count of theirs is left for us. */
async function leave(name: string, quantity: number): Promise<void> {
  const sku = engine.simulator.catalogue.active[0]?.sku ?? '';
  const counts = `BIA*00*DD*${name}*20261129*0900\nN1*WH**92*ALLENTOWN\nLIN*1*VN*${sku}\nQTY*17*${quantity}*EA\nCTT*1`;
  await put(`${name}.x12`, interchange('IB', [setOf('846', counts)]));
}

test('is taken at its word, and nothing is changed at its folders; what was taken so is never answered', async () => {
  const consumer = await engine.js.consumers.get(streams.intake, { filter_subjects: 'intake.*.wms-east.>' });
  const messages = await consumer.consume();
  const taken = messages[Symbol.asyncIterator]();
  await leave('first', 11);
  await taken.next();
  await leave('second', 12);
  // One file is taken after the other: with the second the first is done with.
  await taken.next();
  expect(await inbox()).toEqual(['first.x12', 'second.x12']);
  expect(await documents()).toEqual([]);

  // Read again by whoever takes over, and not taken again.
  await engine.restart();
  await commandOf(engine.nc, 'connector.go_live', { actor: olga, connector_id: 'wms-east', reason: 'the cut-over' });
  await Promise.all([archived('first.x12'), archived('second.x12')]);
  await leave('third', 13);
  await archived('third.x12');
  await taken.next();
  messages.stop();
  await outgoing('ST*997*', 'AK1*IB*');
  expect(await documents()).toHaveLength(1);
  const { state } = await engine.manager.streams.info(streams.intake, { subjects_filter: 'intake.*.wms-east.>' });
  expect(Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0)).toBe(3);
}, 120_000);
