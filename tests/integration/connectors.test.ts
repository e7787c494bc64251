import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { ConnectorError } from '#sync-engine/connectors/connector.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import type { Notice } from '#sync-engine/mail/notice.ts';
import { failureOf, parcel, TestConnectors, traceparent } from '#tests/support/connectors.ts';
import { testEstate } from '#tests/support/simulator.ts';

/** Warehouse, tax, fraud, payments and mail, also where the answer is lost. */
let vendors: TestConnectors;
beforeAll(async () => {
  vendors = await TestConnectors.start();
});
afterEach(() => vendors.simulator.conditions.clearFaults());
afterAll(() => vendors.close());

describe('the warehouse system', () => {
  const release = (order: Order, reference = `shopify-us==${order.external_id}`) => ({
    order,
    reference,
    location: 'dc-east',
    lines: order.lines.map(({ line_id, sku, quantity }) => ({ line_id, sku, quantity })),
  });
  test('takes an order once under our reference', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('wms-east', 'release_order');
    expect(await verb.find?.(release(order), vendors.sendTo('wms-east'))).toBeUndefined();
    const found = await vendors.loseAnswerAndFind('wms-east', verb, release(order));
    expect(await vendors.perform('wms-east', verb, release(order))).toEqual(found);
    expect(vendors.find('wms-east', 'releases', 'reference', release(order).reference)).toMatchObject([{ repeats: 1 }]);
  });
  test('cancels what has not left, and says so where it has', async () => {
    const order = vendors.placed();
    const { reference } = release(order);
    const verb = vendors.verbOf('wms-east', 'cancel_release');
    expect(await vendors.perform('wms-east', verb, { reference, location: 'dc-east' })).toEqual({ shipped: false });
  });
});

describe('TaxJar and Signifyd', () => {
  test('a quote answers the tax to collect', async () => {
    const quote = await vendors.perform('taxjar', vendors.verbOf('taxjar', 'quote_tax'), { order: vendors.placed() });
    expect(quote).toEqual({ amountToCollect: expect.stringMatching(/^\d+\.\d{2}$/) as string, rate: '0.085' });
  });
  test('a decision is the same however often it is asked for', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('signifyd', 'screen_order');
    const first = await vendors.perform('signifyd', verb, { order });
    expect(first.decision).toMatch(/^(accept|reject)$/);
    expect(await vendors.perform('signifyd', verb, { order })).toEqual(first);
  });
  test('wrong credentials are named as such', async () => {
    const system = testEstate(vendors.simulator).systems.find(({ id }) => id === 'taxjar');
    if (system === undefined) throw new Error('no taxjar');
    const stranger = new Kinds({ systems: [system] }).of(system.id).open(system, () => 'wrong');
    const call = vendors.verbOf('taxjar', 'quote_tax').prepare({ order: vendors.placed() });
    const answer = await stranger.transport.send(call, { traceparent });
    expect(() => vendors.verbOf('taxjar', 'quote_tax').read(answer, { order: vendors.placed() }, call)).toThrow(
      ConnectorError,
    );
    await stranger.transport.close();
  });
});

describe('Stripe', () => {
  const intent = (id: string) => vendors.find('stripe', 'intents', 'id', id)[0];
  const capture = (order: Order, reference: string, captureKey: string, amount: string, final: boolean) => ({
    order,
    reference,
    captureKey,
    amount,
    currency: 'USD',
    final,
    capturedBefore: [],
  });
  test('captures in parts; a capture whose answer was lost is made once', async () => {
    const order = vendors.placed();
    vendors.simulator.systems.stripes.get('stripe')?.authorise('pi_parts', 8808, 'usd');
    const verb = vendors.verbOf('stripe', 'capture_payment');
    await vendors.perform('stripe', verb, capture(order, 'pi_parts', 'one', '40.00', false));
    const second = capture(order, 'pi_parts', 'two', '48.08', true);
    vendors.simulator.conditions.setFault('stripe', 'lost_answer', 1);
    expect(await failureOf(vendors.perform('stripe', verb, second))).toMatchObject({ mayHaveHappened: true });
    vendors.simulator.conditions.clearFaults();
    await verb.find?.(second, vendors.sendTo('stripe'));
    await vendors.perform('stripe', verb, second);
    expect(intent('pi_parts')).toMatchObject({
      captured: 8808,
      status: 'succeeded',
      refused_captures: 0,
      captures: [{ amount: 4000 }, { amount: 4808 }],
    });
  });
  test('an authorisation is voided, and found voided', async () => {
    const order = vendors.placed();
    vendors.simulator.systems.stripes.get('stripe')?.authorise('pi_void', 8808, 'usd');
    const verb = vendors.verbOf('stripe', 'void_authorization');
    const found = await vendors.loseAnswerAndFind('stripe', verb, { order, reference: 'pi_void', voidKey: 'void' });
    expect(found).toEqual({ voidId: 'pi_void' });
    const refused = vendors.perform(
      'stripe',
      vendors.verbOf('stripe', 'capture_payment'),
      capture(order, 'pi_void', 'late', '1.00', true),
    );
    expect(await failureOf(refused)).toMatchObject({ errorClass: 'rejected', code: 'payment_intent_unexpected_state' });
  });
});

describe('mail', () => {
  const notice = (order: Order, messageId: string): Notice => ({
    ...{ event: 'order-shipped', order, shipment: parcel(order), messageId },
    ...{ brand: 'Northwind Lane', language: 'en' },
  });
  test('a customer is told once per Message-ID', async () => {
    const order = vendors.placed();
    const input = notice(order, `shopify-us==${order.external_id}:shipped:1`);
    const verb = vendors.verbOf('mail', 'notify_customer');
    const sent = await vendors.perform('mail', verb, input);
    expect(await vendors.perform('mail', verb, input)).toEqual(sent);
    expect(vendors.find('mail', 'messages', 'messageId', sent.messageId)).toMatchObject([
      { to: ['mara.lindqvist@example.com'], subject: `Your order ${order.number} is on its way`, repeats: 1 },
    ]);
  });
  test('a server that is busy is asked again later', async () => {
    const order = vendors.placed();
    vendors.simulator.conditions.setFault('mail', 'error', 1);
    const input = notice(order, 'busy');
    const failure = await failureOf(vendors.perform('mail', vendors.verbOf('mail', 'notify_customer'), input));
    expect(failure).toMatchObject({ errorClass: 'unavailable', retryable: true, mayHaveHappened: false });
    expect(failure.message).not.toContain('mara.lindqvist');
  });
});
