import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import type { TestEngine } from './engine.ts';
import { testSecret } from './simulator.ts';

/** A marketplace whose payments Stripe takes: its orders and returns through our API, and what every ledger says of them. */
export async function openMarketplace(engine: TestEngine, given: { secret?: string } = {}) {
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = {
    id: 'market',
    name: 'Marketplace',
    scopes: ['orders.write' as const, 'returns.write' as const],
    quota_per_minute: 10_000,
    system: 'marketplace',
    ...given,
  };
  const { key } = await createApiClient(kv, client, new Date());
  const post = (path: string, body: object) =>
    fetch(`${engine.intakeUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  // A client is known a moment after it was made.
  const accepted = (path: string, body: object) =>
    expect
      .poll(
        async () => {
          const response = await post(path, body);
          return response.ok ? '' : await response.text();
        },
        { timeout: 10_000 },
      )
      .toBe('');

  return {
    post,
    /**
     * Three of one item at 33.35 with 10.01 off and tax, and postage of 4.99: 116.05 in all, to be captured when it ships
     * unless it was paid at once. @returns the order's key, once it has come so far.
     */
    order: async (
      id: string,
      paid: 'authorization' | 'sale' = 'authorization',
      until: 'wms_release' | 'settle' = 'settle',
    ): Promise<string> => {
      const [item] = engine.simulator.catalogue.active;
      const reference = marketPayment(id);
      if (paid === 'authorization') engine.simulator.systems.stripes.get('stripe')?.authorise(reference, 11_605, 'GBP');
      await accepted('/v1/orders', marketOrder(id, item?.sku ?? '', { kind: paid, reference }));
      const orderKey = transactionKey('marketplace', id);
      await engine.until(orderKey, ({ step, status }) => step === until && status === 'completed');
      return orderKey;
    },
    /** Asks for a return. @returns the return's key. */
    request: async (returnId: string, order: string, lines: object[], more: object = {}): Promise<string> => {
      await accepted('/v1/returns', {
        return_id: returnId,
        channel: 'marketplace',
        order,
        requested_at: new Date().toISOString(),
        lines,
        ...more,
      });
      return transactionKey('marketplace', `return-${returnId}`);
    },
  };
}

/** The payment intent of an order of the marketplace. */
export const marketPayment = (id: string): string => `pi_${id.replace(/\W/g, '')}`;

function marketOrder(id: string, sku: string, payment: { kind: string; reference: string }): object {
  const at = new Date(Date.now() - 2_000).toISOString();
  return {
    external_id: id,
    number: id,
    placed_at: at,
    updated_at: at,
    currency: 'GBP',
    taxes_included: false,
    customer: { name: 'Test Buyer', email: 'buyer@example.com' },
    shipping_address: {
      name: 'Test Buyer',
      line1: '1 Test Street',
      city: 'Leeds',
      postal_code: 'LS1 1AA',
      country_code: 'GB',
    },
    lines: [
      {
        line_id: 'L1',
        sku,
        title: 'Item',
        quantity: 3,
        unit_price: '33.35',
        discounts: [{ code: 'TEN', amount: '10.01' }],
        taxes: [{ code: mappedTaxes[0]?.title ?? '', rate: '0.2', amount: '21.02' }],
      },
    ],
    shipping: [{ code: 'STD', title: 'Standard', price: '4.99', discounts: [], taxes: [] }],
    payments: [{ gateway: 'card', amount: '116.05', ...payment }],
    totals: {
      subtotal: '100.05',
      discount: '10.01',
      shipping: '4.99',
      tax: '21.02',
      duties: '0.00',
      tip: '0.00',
      total: '116.05',
    },
  };
}

/** What the warehouse wms-east says of a parcel that came back, signed as it signs. */
export function postReceipt({ intakeUrl }: Pick<TestEngine, 'intakeUrl'>, message: object): Promise<Response> {
  const body = JSON.stringify({
    receipt_id: randomUUID(),
    location_code: 'dc-east',
    received_at: new Date().toISOString(),
    version: Date.now(),
    ...message,
  });
  return fetch(`${intakeUrl}/intake/wms`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-wms-warehouse': 'wms-east',
      'x-wms-topic': 'return.received',
      'x-wms-event-id': randomUUID(),
      'x-wms-signature': createHmac('sha256', testSecret('WMS_EAST_SECRET')).update(body).digest('hex'),
    },
    body,
  });
}

export const untilReturn = (
  engine: TestEngine,
  key: string,
  step: string,
  status: StepEvent['status'] = 'completed',
): Promise<StepEvent[]> =>
  engine.until(key, (event) => event.step === step && event.status === status, 'return_to_refund');

interface Ledgers {
  stripe: { refunds: { intent: string; amount: number; return: string }[]; refused_refunds: number };
  netsuite: { creditMemos: { externalId: string; total: number; subsidiary: string; currency: string }[] };
  shop: {
    orders: {
      id: string;
      captured: string;
      refunded: string;
      refused_refunds: number;
      refunds: { id: number; note: string; amount: string; lines: { id: string; quantity: number }[] }[];
    }[];
  };
}

/** What the simulated systems hold of refunds and credits. */
export function ledgers(engine: TestEngine) {
  const state = engine.simulator.state();
  return {
    refundsOf: (intent: string) =>
      (state['stripe'] as unknown as Ledgers['stripe']).refunds.filter((one) => one.intent === intent),
    creditsOf: (returnKey: string) =>
      (state['netsuite'] as unknown as Ledgers['netsuite']).creditMemos.filter(
        ({ externalId }) => externalId === `cm-${returnKey}`,
      ),
    shopOrder: (id: string) =>
      (state['shopify-us'] as unknown as Ledgers['shop']).orders.find((order) => order.id === id),
  };
}
