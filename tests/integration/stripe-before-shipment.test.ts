import { afterAll, beforeAll, expect, test } from 'vitest';
import { immediatePace } from '#simulator/pace.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { marketPayment, openMarketplace } from '../support/returns.ts';
import { openStripe, stripeEvent } from '../support/stripe.ts';
import { postShipment } from '../support/warehouse.ts';

/**
 * At a warehouse that takes its time: news of Stripe that overtake the order that they are of, and authorisations that are
 * lost before anything was taken of them.
 */
let engine: TestEngine;
let market: Awaited<ReturnType<typeof openMarketplace>>;
const AN_HOUR = 3_600_000;
beforeAll(async () => {
  engine = await startEngine({ simulator: { pace: { ...immediatePace, shipAfterMs: [AN_HOUR, AN_HOUR] } } });
  market = await openMarketplace(engine);
}, 120_000);
afterAll(() => engine.close(), 60_000);

const { api: stripe, tell, stopped, eventsOf, isHeld, untilTaken } = openStripe(() => engine);
const within = { timeout: 20_000 };

/** Tells of a payment whose order is not there yet. @returns the message's number, once it is held. */
async function toldEarly(type: string, object: object): Promise<number> {
  const { intake_seq } = await tell(stripeEvent(type, { currency: 'gbp', ...object }));
  await expect.poll(() => isHeld(intake_seq), within).toBe(true);
  return intake_seq;
}
const intent = (order: string, more: object) => ({
  ...{ id: marketPayment(order), object: 'payment_intent', amount_received: 0, metadata: {}, ...more },
});

test('a capture that overtook its order waits for it, and agrees with what was paid at checkout', async () => {
  const seq = await toldEarly('payment_intent.succeeded', intent('E-1', { amount_received: 11_605 }));
  await market.order('E-1', 'sale', 'wms_release');
  await expect.poll(() => isHeld(seq), within).toBe(false);
  expect(await eventsOf(`payment-${marketPayment('E-1')}-taken-116.05`)).toEqual([]);
}, 60_000);

test.each([
  ['more than was paid', 'succeeded', { amount_received: 12_000 }, 'sale', 'taken-120.00', 'capture_unknown'],
  [
    ...(['an authorisation that was lost', 'canceled'] as const),
    { cancellation_reason: 'automatic', latest_charge: 'ch_1' },
    ...(['authorization', 'released', 'authorisation_lost'] as const),
  ],
  [
    ...(['a payment that failed', 'payment_failed'] as const),
    { last_payment_error: { decline_code: 'insufficient_funds', payment_method: { type: 'card' } } },
    ...(['sale', 'failed', 'payment_failed'] as const),
  ],
] as const)(
  '%s is a case of its order once that has come',
  async (what, type, more, paid, name, code) => {
    const order = `E-${what.replace(/\W/g, '')}`;
    await toldEarly(`payment_intent.${type}`, intent(order, more));
    await market.order(order, paid, 'wms_release');
    expect(await stopped(`payment-${marketPayment(order)}-${name}`)).toMatchObject({
      ...{ step: 'confirm_payment', error_code: code, business_key: order, legal_entity: 'uk-retail' },
    });
  },
  60_000,
);

/** What the warehouse says once all of an order has left it. */
async function ship(key: string): Promise<void> {
  const released = (await engine.events(key)).find(
    ({ step, status }) => step === 'wms_release' && status === 'completed',
  );
  const [item] = engine.simulator.catalogue.active;
  const parcel = {
    ...{ reference: key, shipment_id: `S-${key}`, location_code: released?.location, carrier: 'UPS' },
    ...{ tracking_number: `1Z${key}`, shipped_at: new Date().toISOString() },
    lines: [{ line_id: 'L1', sku: item?.sku, quantity: 3 }],
  };
  const answer = await postShipment(engine, JSON.stringify(parcel), { warehouse: released?.system ?? '' });
  expect(answer.status, await answer.text()).toBe(200);
}

test.each([
  ['that somebody cancels in its dashboard', 'A-1', () => stripe().byHand.cancel(marketPayment('A-1')), 'abandoned'],
  ['that its bank lets go of', 'A-2', () => stripe().expire(marketPayment('A-2')), 'automatic'],
])(
  'an authorisation %s is a case of its order before anything ships, and what ships is not captured',
  async (_, order, lose, reason) => {
    const key = await market.order(order, 'authorization', 'wms_release');
    lose();
    const stop = await stopped(`payment-${marketPayment(order)}-released`);
    expect(stop).toMatchObject({ step: 'confirm_payment', error_code: 'authorisation_lost', business_key: order });
    expect(stop?.error_message).toContain(`(${reason}) before everything was taken`);
    await ship(key);
    const events = await engine.until(key, ({ status }) => status === 'quarantined');
    expect(events.at(-1)).toMatchObject({ step: 'capture_payment', error_code: 'payment_intent_unexpected_state' });
  },
  60_000,
);

test('an authorisation that was drawn on before it ended is no case', async () => {
  const key = await market.order('A-3', 'authorization', 'wms_release');
  await ship(key);
  await engine.until(key, ({ step, status }) => step === 'capture_payment' && status === 'completed');
  const intent = { id: marketPayment('A-3'), object: 'payment_intent', amount_received: 11_605, currency: 'gbp' };
  await tell(
    stripeEvent('payment_intent.canceled', { ...intent, cancellation_reason: 'automatic', latest_charge: 'ch_1' }),
  );
  await untilTaken();
  expect(await eventsOf(`payment-${marketPayment('A-3')}-released`)).toEqual([]);
}, 60_000);
