import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channel, type Estate, system } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { deliveryFor } from '#scripts/cli/delivery.ts';
import type { ConnectorDefinition } from '#sync-engine/connectors/definition.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { loadConnectors } from '#sync-engine/connectors/load.ts';
import { mappedTax, startEngine, type TestEngine } from '#tests/support/engine.ts';
import { postReceipt, untilReturn } from '#tests/support/returns.ts';
import { testEstate, testSecret } from '#tests/support/simulator.ts';

const never = (): never => {
  throw new Error('it is not asked');
};
const FOLDER = fileURLToPath(new URL('../fixtures/connectors/pier-market/', import.meta.url));
const ESTATE_FILE = fileURLToPath(new URL('../fixtures/estate.yaml', import.meta.url));

/** The market's own server: what it was told, by path. Of a parcel announced its first answer is lost. */
const told = new Map<string, unknown>();
const parcels: { id: string; order: string; reference: string; items: object[] }[] = [];
/** Orders of which no webhook came, for who asks; the first who asks waits until there is one. */
const missed: object[] = [];
const hears = new EventEmitter();
let market: FastifyInstance;
let engine: TestEngine;

interface OfOrder {
  Params: { order: string };
}

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

/** Another market that says the same and takes nothing: its connector offers no services. */
const mute = (connector: ConnectorDefinition): ConnectorDefinition => {
  const { poll: _, webhook, open, ...rest } = connector;
  if (webhook === undefined) throw new Error('the market posts webhooks');
  return {
    ...rest,
    kind: 'mute-market',
    open: (...given) => ({ ...open(...given), services: {} }),
    webhook: { ...webhook, path: 'mute-market', operation: 'receiveMuteMarket' },
  };
};
const withMute = (estate: Estate): Estate => {
  const { connector: _, ...market } = entry('http://127.0.0.1:1');
  return {
    ...estate,
    systems: [...estate.systems, { ...market, id: 'mute-market', name: 'Mute Market', kind: 'mute-market' }],
    channels: [...estate.channels, { ...sells, id: 'mute-market', system: 'mute-market', payment: 'mute-market' }],
  };
};

beforeAll(async () => {
  market = fastify();
  market.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${testSecret('PIER_MARKET_TOKEN')}`)
      await reply.status(401).send({ error: 'unauthorised', reason: 'No.' });
  });
  market.get('/orders', async () => {
    if (missed.length === 0) await once(hears, 'missed');
    return { orders: missed };
  });
  market.get<OfOrder>('/orders/:order/parcels', ({ params }) => ({
    parcels: parcels.filter(({ order }) => order === params.order),
  }));
  market.post<OfOrder & { Body: { reference: string; items: object[] } }>(
    '/orders/:order/parcels',
    (request, reply) => {
      parcels.push({ id: `P-${parcels.length + 1}`, order: request.params.order, ...request.body });
      reply.hijack();
      reply.raw.destroy();
    },
  );
  market.put('/*', (request) => {
    told.set(request.url, request.body);
    hears.emit(request.url);
    return { id: 'M-1' };
  });
  const url = await market.listen({ port: 0, host: '127.0.0.1' });
  const own = await loadConnectors(joined(testEstate(), url), ESTATE_FILE);
  engine = await startEngine({
    estate: (base) => withMute(joined(base, url)),
    engine: { connectors: [...own, ...own.map(mute)] },
  });
  missed.push(JSON.parse(order('PM-5', knownSku())) as object);
  hears.emit('missed');
}, 60_000);
afterAll(async () => {
  await engine.close();
  await market.close();
});

const knownSku = (): string => engine.simulator.catalogue.active[0]?.sku ?? '';
const isSettled = ({ step, status }: StepEvent): boolean => step === 'settle' && status === 'completed';

function post(topic: string, body: string, signature?: string, path = 'pier-market'): Promise<Response> {
  const signed = createHmac('sha256', testSecret('PIER_MARKET_SECRET')).update(body).digest('hex');
  return fetch(`${engine.intakeUrl}/intake/${path}`, {
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
    const answer = await post('order.placed', order('PM-1', knownSku()));
    expect(answer.status).toBe(200);
    const key = transactionKey('pier-market', 'PM-1');
    const events = await engine.until(key, isSettled);
    expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
    const { salesOrders } = engine.simulator.state('netsuite')['netsuite'] as { salesOrders: { externalId: string }[] };
    expect(salesOrders.filter(({ externalId }) => externalId === `so-${key}`)).toHaveLength(1);
    expect(told.get('/orders/PM-1/acceptance')).toEqual({ reference: key });
    // Its answer was lost, so it was looked up: one parcel is one announcement.
    expect(parcels.filter(({ order }) => order === 'PM-1')).toMatchObject([{ items: [{ item: '1', units: 2 }] }]);
    const announced = events.findLast(({ step }) => step === 'channel_fulfilment');
    expect(announced).toMatchObject({ status: 'completed', attributes: { looked_up: 'true' } });
  });

  test('gives the money back for what comes back', async () => {
    const orderKey = transactionKey('pier-market', 'PM-1');
    const lines = [{ line_id: '1', sku: knownSku(), quantity: 2, reason_code: 'changed_mind', condition: 'sellable' }];
    const receipt = { receipt_id: 'PM-RC-1', reference: orderKey, lines };
    expect((await postReceipt(engine, receipt)).status).toBe(200);
    await untilReturn(engine, transactionKey('wms-east', 'return-PM-RC-1'), 'close');
    const refunds = [...told].filter(([path]) => path.startsWith('/orders/PM-1/refunds/'));
    expect(refunds).toMatchObject([[expect.any(String), { currency: 'USD', amount: '28.70' }]]);
  });

  test('is asked for what no webhook told of', async () => {
    const events = await engine.until(transactionKey('pier-market', 'PM-5'), isSettled);
    expect(events.filter(({ step }) => step === 'intake_received')).toHaveLength(1);
    expect(told.has('/orders/PM-5/acceptance')).toBe(true);
  });

  test('takes a payload that the command line signs as the market would', async () => {
    const body = Buffer.from(order('PM-6', knownSku()));
    const kinds = new Kinds(
      joined(testEstate(), 'http://127.0.0.1:1'),
      await loadConnectors(engine.estate, ESTATE_FILE),
    );
    const secrets = { api_keys: {}, vendors: { PIER_MARKET_SECRET: testSecret('PIER_MARKET_SECRET') } };
    const { path, headers, topic } = deliveryFor({
      ...{ estate: engine.estate, kinds, systemId: 'pier-market', topic: undefined, body },
      target: { secrets },
    });
    expect(topic).toBe('order.placed');
    const answer = await fetch(`${engine.intakeUrl}${path}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    await engine.until(transactionKey('pier-market', 'PM-6'), isSettled);
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

  test('has an unreadable order stopped under its own name and amount, and cancelled by a message that bears its id', async () => {
    const key = transactionKey('pier-market', 'PM-4');
    await post('order.placed', order('PM-4', knownSku()).replace('"units":2', '"units":"two"'));
    const events = await engine.until(key, ({ status }) => status === 'quarantined');
    expect(events.at(-1)).toMatchObject({
      ...{ step: 'canonicalise', error_path: '/items/0/units' },
      ...{ business_key: 'PM-4', amount: '28.7', currency: 'USD' },
    });
    await post('order.cancelled', JSON.stringify({ id: 'PM-4', reason: 'The buyer changed her mind' }));
    await engine.until(key, ({ step }) => step === 'cancelled');
  });

  test('whose connector does not offer what an order needs has it stopped at once, with the service named', async () => {
    await post('order.placed', order('MM-1', knownSku()), undefined, 'mute-market');
    const events = await engine.until(transactionKey('mute-market', 'MM-1'), ({ status }) => status === 'quarantined');
    expect(events.at(-1)).toMatchObject({
      ...{ step: 'acknowledge_channel', attempt: 1, error_code: 'NOT_OFFERED' },
      error_message: 'Mute Market did not take this: its connector offers no acknowledge_order.',
    });
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

test.each(['contract.ts', 'map.ts', 'client.ts', 'poll.ts', 'index.ts'])(
  'docs/connectors.md shows %s as it runs here',
  (file) => {
    const page = readFileSync(new URL('../../docs/connectors.md', import.meta.url), 'utf8');
    expect(page).toContain(readFileSync(`${FOLDER}${file}`, 'utf8'));
  },
);
