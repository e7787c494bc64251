import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { depositorOrderNumber } from '#sync-engine/edi/map/warehouse-order.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startSftpServer, type TestSftpServer } from '../support/sftp-server.ts';
import { advice, warehouseAt, x12WarehouseAt } from '../support/x12-warehouse.ts';

/** A warehouse that exchanges X12 documents at its SFTP server. */
const root = mkdtempSync(join(tmpdir(), 'sftp-'));
const { put, outgoing, archived, interchange } = warehouseAt(root);
let server: TestSftpServer;
let engine: TestEngine;
let next = 76_000;

beforeAll(async () => {
  server = await startSftpServer(root);
  engine = await startEngine({
    estate: (base) => ({
      ...base,
      systems: base.systems.map((one) => {
        if (one.id !== 'wms-east') return one;
        const { partner, settings } = x12WarehouseAt(root);
        return {
          ...one,
          kind: 'x12-3pl',
          base_url: `sftp://syncline@127.0.0.1:${server.port}`,
          ...(partner && { partner }),
          settings: {
            ...settings,
            'drop.in': '/in',
            'drop.out': '/out',
            'drop.host_key': server.fingerprint,
            'drop.private_key': 'env:WMS_EAST_KEY',
          },
          limits: { ...one.limits, timeout_s: 5, breaker_failures: 2, breaker_open_s: 1 },
          retry: { max_attempts: 50, initial_delay_s: 0.2, max_delay_s: 1 },
        };
      }),
    }),
    secrets: (setting) => (setting === 'env:WMS_EAST_KEY' ? server.clientKey : undefined),
  });
}, 60_000);
afterAll(async () => {
  await engine.close();
  await server.close();
  rmSync(root, { recursive: true });
});

async function released() {
  const key = await engine.placeOrder({ id: ++next });
  const number = depositorOrderNumber(key);
  return { key, number, order: await outgoing('ST*940*', `W05*N*${number}*`) };
}
const until = (key: string, wanted: string) =>
  engine.until(key, ({ step, status }) => step === wanted && status === 'completed');
const stateOfConnector = async () =>
  (await (await openBucket(engine.nc, buckets.connectors)).get('wms-east'))?.json<ConnectorState>().state;

test('an order goes out and its advice comes in over SFTP, answered there by a 997', async () => {
  const { key, number, order } = await released();
  await put('advice.x12', interchange('SW', [advice(order, number)]));
  await until(key, 'settle');
  await outgoing('AK1*SW*', 'AK9*A*1*1*1~');
  await archived('advice.x12');
});

test('a file that is still being uploaded is left alone until it has its name', async () => {
  const { key, number, order } = await released();
  const bytes = interchange('SW', [advice(order, number)]);
  const meanwhile = join(root, 'in', 'slow.x12.filepart');
  await writeFile(meanwhile, bytes.subarray(0, 200));
  // What came behind it is taken meanwhile, so that the folder was looked into.
  const other = await released();
  await put('other.x12', interchange('SW', [advice(other.order, other.number)]));
  await until(other.key, 'shipment_confirmed');
  await appendFile(meanwhile, bytes.subarray(200));
  await rename(meanwhile, join(root, 'in', 'slow.x12'));
  const events = await until(key, 'shipment_confirmed');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
});

test('while the server is away its connector is shown as down and orders wait; then everything goes on by itself', async () => {
  await server.stop();
  await expect.poll(stateOfConnector, { timeout: 20_000 }).toBe('open');
  const key = await engine.placeOrder({ id: ++next });
  await until(key, 'erp_create_sales_order');
  await server.resume();
  const number = depositorOrderNumber(key);
  const order = await outgoing('ST*940*', `W05*N*${number}*`);
  await put('after.x12', interchange('SW', [advice(order, number)]));
  await until(key, 'capture_payment');
  await expect.poll(stateOfConnector, { timeout: 20_000 }).toBe('closed');
});
