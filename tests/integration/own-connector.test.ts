import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channel, type Estate, system } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { loadConnectors } from '#sync-engine/connectors/load.ts';
import { mappedTax, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { testEstate, testSecret } from '#tests/support/simulator.ts';

const never = (): never => {
  throw new Error('it is not asked');
};
const FOLDER = fileURLToPath(new URL('../fixtures/connectors/pier-market/', import.meta.url));
const ESTATE_FILE = fileURLToPath(new URL('../fixtures/estate.yaml', import.meta.url));

/** The market's own server: what it was told, by path. */
const told = new Map<string, unknown>();
const hears = new EventEmitter();
let market: FastifyInstance;
let engine: TestEngine;

const entry = (base_url: string) =>
  system.parse({
    id: 'pier-market',
    name: 'Pier Market',
    role: 'channel',
    kind: 'pier-market',
    connector: './connectors/pier-market/index.ts',
    base_url,
    settings: {
      seller: 'NL-4711',
      access_token: 'env:PIER_MARKET_TOKEN',
      webhook_secret: 'env:PIER_MARKET_SECRET',
    },
  });
const sells = channel.parse({
  id: 'pier-market',
  name: 'Pier Market',
  system: 'pier-market',
  payment: 'pier-market',
  region: 'us',
  brand: 'northwind',
  legal_entity: 'us-retail',
  currency: 'USD',
  locations: ['dc-east', 'dc-west'],
});
const joined = (estate: Estate, base: string): Estate => ({
  ...estate,
  systems: [...estate.systems, entry(base)],
  channels: [...estate.channels, sells],
});

beforeAll(async () => {
  market = fastify();
  market.put('/*', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${testSecret('PIER_MARKET_TOKEN')}`)
      return reply.status(401).send({ error: 'unauthorised', reason: 'No.' });
    told.set(request.url, request.body);
    hears.emit(request.url);
    return { id: 'M-1' };
  });
  const url = await market.listen({ port: 0, host: '127.0.0.1' });
  engine = await startEngine({
    estate: (base) => joined(base, url),
    engine: { connectors: await loadConnectors(joined(testEstate(), url), ESTATE_FILE) },
  });
}, 60_000);
afterAll(async () => {
  await engine.close();
  await market.close();
});

function post(topic: string, body: string, signature?: string): Promise<Response> {
  const signed = createHmac('sha256', testSecret('PIER_MARKET_SECRET')).update(body).digest('hex');
  return fetch(`${engine.intakeUrl}/intake/pier-market`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-market-topic': topic,
      'x-market-seller': 'NL-4711',
      'x-market-signature': signature ?? signed,
      'x-market-delivery': `${topic} ${body.length}`,
    },
    body,
  });
}

const order = (id: string, code: string) =>
  JSON.stringify({
    id,
    placed: new Date(Date.now() - 3_000).toISOString(),
    currency: 'USD',
    buyer: { name: 'A. Buyer', street: '3 Pier Road', city: 'Albany', zip: '12207', country: 'US' },
    items: [
      {
        item: '1',
        code,
        title: 'Enamel mug',
        units: 2,
        price: 12.1,
        vat: { name: mappedTax.title, percent: 10, amount: 2.2 },
      },
    ],
    delivery_fee: 4.5,
    total: 28.7,
  });

describe('a channel that is one folder and one entry in the estate', () => {
  test('takes orders from its webhook to the ERP, and is told of acceptance and parcel', async () => {
    const sku = engine.simulator.catalogue.active[0]?.sku ?? '';
    const answer = await post('order.placed', order('PM-1', sku));
    expect(answer.status).toBe(200);
    const key = transactionKey('pier-market', 'PM-1');
    const events = await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
    expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
    const { salesOrders } = engine.simulator.state('netsuite')['netsuite'] as { salesOrders: { externalId: string }[] };
    expect(salesOrders.filter(({ externalId }) => externalId === `so-${key}`)).toHaveLength(1);
    expect(told.get('/orders/PM-1/acceptance')).toEqual({ reference: key });
    const parcels = [...told].filter(([path]) => path.startsWith('/orders/PM-1/parcels/'));
    expect(parcels.map(([, body]) => body)).toMatchObject([{ items: [{ item: '1', units: 2 }] }]);
  });

  test('is sent the stock it may offer', async () => {
    if (!told.has('/stock')) await once(hears, '/stock');
    const { items } = told.get('/stock') as { items: object[] };
    for (const item of items)
      expect(item).toMatchObject({
        place: expect.stringMatching(/^dc-/) as string,
        units: expect.any(Number) as number,
      });
  });

  test('has its wrong orders stopped with the field named', async () => {
    await post('order.placed', order('PM-2', 'NOBODY-KNOWS'));
    const events = await engine.until(transactionKey('pier-market', 'PM-2'), ({ status }) => status === 'quarantined');
    expect(events.at(-1)).toMatchObject({ step: 'validate', error_path: '/lines/0/sku' });
  });

  test('is refused without a right signature, and appears in the description of the API', async () => {
    expect((await post('order.placed', order('PM-3', 'A'), 'ab')).status).toBe(401);
    const described = (await (await fetch(`${engine.intakeUrl}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(described.paths)).toContain('/intake/pier-market');
  });
});

describe('an estate with a connector that cannot be used', () => {
  test.each([
    ['./connectors/nowhere/index.ts', 'cannot be loaded'],
    ['./connectors/pier-market/contract.ts', 'exports no "connector"'],
  ])('says what is wrong with %s', async (path, words) => {
    const systems = [{ ...entry('http://127.0.0.1:1'), connector: path }];
    await expect(loadConnectors({ systems }, ESTATE_FILE)).rejects.toThrow(words);
  });

  test('says so where two systems of a kind name different modules', async () => {
    const systems = [
      entry('http://127.0.0.1:1'),
      { ...entry('http://127.0.0.1:1'), id: 'second', connector: './x.ts' },
    ];
    await expect(loadConnectors({ systems }, ESTATE_FILE)).rejects.toThrow('"second"');
  });

  test('says so where the module claims a topic of Syncline’s own API', () => {
    const claims = {
      kind: 'pier-market',
      open: () => never(),
      topics: { 'channel.order': { means: 'shipment', read: never } },
    } as const;
    expect(() => new Kinds({ systems: [] }, [claims])).toThrow('channel.order');
  });

  test('says so where the module speaks to another kind', async () => {
    const systems = [{ ...entry('http://127.0.0.1:1'), kind: 'quay-market' }];
    await expect(loadConnectors({ systems }, ESTATE_FILE)).rejects.toThrow('"pier-market"');
  });
});

test.each(['contract.ts', 'map.ts', 'client.ts', 'index.ts'])('docs/connectors.md shows %s as it runs here', (file) => {
  const page = readFileSync(new URL('../../docs/connectors.md', import.meta.url), 'utf8');
  expect(page).toContain(readFileSync(`${FOLDER}${file}`, 'utf8'));
});
