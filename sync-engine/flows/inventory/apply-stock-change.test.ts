import { describe, expect, test } from 'vitest';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { IntakeHeaders } from '#contracts/v1/intake.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { Kinds } from '../../connectors/kinds.ts';
import { applyStockChange, type StockArrivalEnv } from './apply-stock-change.ts';

const RECEIVED = '2026-03-01T10:00:00.000Z';

function setUp(known = ['SKU-1'], mappings: Record<string, string> = { 'location wms-east DCEAST': 'dc-east' }) {
  const applied: { change: StockChange; origin: string | undefined }[] = [];
  const env: StockArrivalEnv = {
    estate: testEstate(),
    master: {
      product: (sku) => (known.includes(sku) ? { sku } : undefined),
      mapping: (kind: MappingKind, system: string, code: string) => {
        const target = mappings[`${kind} ${system} ${code}`];
        return target === undefined ? undefined : { target };
      },
    },
    stock: {
      change: (change, origin) => {
        applied.push({ change, origin });
        const { sku, location, quantity: on_hand } = change;
        const position = { sku, location, on_hand, reserved: 0, in_transit: 0, version: 1, as_of: RECEIVED };
        return Promise.resolve({ type: 'change', outcome: 'applied', position });
      },
    },
  };
  return { env, applied, known };
}

const kinds = new Kinds(testEstate());
const apply = (arrival: { headers: IntakeHeaders; body: Uint8Array }, env: StockArrivalEnv) => {
  const topic = kinds.topic(arrival.headers['syncline-system'], arrival.headers['syncline-topic']);
  if (topic?.means !== 'stock_change') throw new Error('no stock change');
  return applyStockChange(arrival, topic, env);
};

const headers = (system: string, topic: string, resource?: string): IntakeHeaders => ({
  'syncline-system': system,
  'syncline-topic': topic,
  'syncline-received-at': RECEIVED,
  'syncline-origin': 'backfill',
  ...(resource === undefined ? {} : { 'syncline-resource': resource }),
});
const message = (content: object | string): Uint8Array =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));

const webhook = {
  change_id: 'wms-east-7',
  sku: 'SKU-1',
  location_code: 'DCEAST',
  reason: 'receipt',
  quantity: 12,
  version: 7,
  occurred_at: '2026-03-01T10:00:00+01:00',
};
const feed = { quantity: 5, version: 9, occurred_at: '2026-03-01T09:00:00.000Z' };

describe('a stock change that comes in', () => {
  test('from a warehouse is applied at the location its code means', async () => {
    const { env, applied } = setUp();
    const arrival = { headers: headers('wms-east', 'stock.changed'), body: message(webhook) };
    expect(await apply(arrival, env)).toEqual({ outcome: 'applied' });
    expect(applied).toMatchObject([
      {
        origin: 'backfill',
        change: { source: 'wms-east', location: 'dc-east', quantity: 12, occurred_at: '2026-03-01T09:00:00.000Z' },
      },
    ]);
  });

  test('through the channel API is a count at the place and SKU of its path', async () => {
    const { env, applied } = setUp();
    const arrival = {
      headers: headers('pos-stores', 'channel.stock', '/v1/stock/store-001/SKU-1'),
      body: message(feed),
    };
    await apply(arrival, env);
    await apply(arrival, env);
    expect(applied[0]?.change).toMatchObject({
      source: 'pos-stores',
      location: 'store-001',
      sku: 'SKU-1',
      reason: 'count',
    });
    expect(applied[1]?.change.change_id).toBe(applied[0]?.change.change_id);
  });

  test('of a SKU nobody knows is a problem that a mapping cures', async () => {
    const { env, applied } = setUp([]);
    const arrival = { headers: headers('wms-east', 'stock.changed'), body: message(webhook) };
    expect(await apply(arrival, env)).toMatchObject({
      problems: [
        {
          error_code: 'unknown_sku',
          path: '/sku',
          missing_mapping: { kind: 'sku', system: 'wms-east', code: 'SKU-1' },
        },
      ],
    });
    expect(applied).toEqual([]);
  });

  test('before its product is early, and is applied once the product is known', async () => {
    const { env, known } = setUp([]);
    const arrival = { headers: headers('wms-east', 'stock.changed'), body: message(webhook) };
    expect(await apply(arrival, env)).toMatchObject({ early: true });
    known.push('SKU-1');
    expect(await apply(arrival, env)).toEqual({ outcome: 'applied' });
  });

  test('from an unmapped place, or that is no stock change at all, is a problem with its path', async () => {
    const { env } = setUp(['SKU-1'], {});
    const at = headers('wms-east', 'stock.changed');
    expect(await apply({ headers: at, body: message(webhook) }, env)).toMatchObject({
      problems: [{ error_code: 'unknown_location', path: '/location_code' }],
    });
    expect(await apply({ headers: at, body: message('{"sku":') }, env)).toMatchObject({
      problems: [{ error_code: 'malformed_json' }],
    });
    const api = headers('pos-stores', 'channel.stock', '/v1/stock/store-001/SKU-1');
    expect(await apply({ headers: api, body: message({ ...feed, quantity: 'five' }) }, env)).toMatchObject({
      problems: [{ path: '/quantity' }],
    });
    const nowhere = headers('pos-stores', 'channel.stock', '/v1/stock/store-999/SKU-1');
    expect(await apply({ headers: nowhere, body: message(feed) }, env)).toMatchObject({
      problems: [{ error_code: 'unknown_location' }],
    });
  });
});
