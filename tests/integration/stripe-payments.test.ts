import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import { readAt } from '#platform/nats/publish.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { marketPayment, openMarketplace, untilReturn } from '../support/returns.ts';
import { openStripe, signed, stripeEvent } from '../support/stripe.ts';

/** What Stripe tells of payments, from its signed webhooks to cases in ClickHouse. */
let landed: LandedEstate;
let market: Awaited<ReturnType<typeof openMarketplace>>;
beforeAll(async () => {
  landed = await startLandedEstate({
    estate: (estate) => ({ ...estate, policies: { ...estate.policies, hold_early_signals_s: 2 } }),
  });
  market = await openMarketplace(landed.estate);
}, 120_000);
afterAll(() => landed.close(), 60_000);

const support = { id: 'sam', roles: ['support' as const] };
const { api: stripe, post, tell, stopped, eventsOf, untilTaken } = openStripe(() => landed.estate);
const refund = (id: string, payment: string, status: string, more: object = {}) => ({
  ...{ id, object: 'refund', payment_intent: payment, charge: 'ch_1', amount: 500, currency: 'gbp', status },
  ...{ metadata: {}, ...more },
});

describe('a Stripe webhook', () => {
  const body = stripeEvent('charge.refunded', {
    ...{ id: 'ch_9', object: 'charge', payment_intent: 'pi_9', amount_captured: 1, currency: 'gbp' },
  });

  test('is durable byte for byte before it is answered, and known again by its id', async () => {
    const { intake_seq, duplicate } = await tell(body);
    expect(duplicate).toBe(false);
    const kept = await readAt(landed.estate.manager, 'INTAKE', intake_seq);
    expect(kept?.subject).toBe('intake.payment.stripe.charge-refunded');
    expect(Buffer.from(kept?.data ?? []).toString()).toBe(body);
    expect(await tell(body)).toMatchObject({ intake_seq, duplicate: true });
  });

  test('is believed under one of several signatures, and not under a wrong or an old one', async () => {
    const at = new Date();
    const right = signed(body, at);
    const wrong = signed(body, at, 'whsec_other');
    expect((await post(body, `${wrong},${right.replace(/^t=\d+,/, '')}`)).status).toBe(200);
    expect((await post(body, wrong)).status).toBe(401);
    const old = new Date(at.getTime() - 301_000);
    expect((await post(body, signed(body, old))).status).toBe(401);
  });

  test('of a type that nobody takes is refused by name', async () => {
    const answer = await post(stripeEvent('customer.created', {}));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('refund.failed');
  });

  test('of the mode that the estate does not use is a case, and is held against nothing', async () => {
    const { intake_seq } = await tell(
      stripeEvent('refund.created', refund('re_live', 'pi_1', 'succeeded'), { livemode: true }),
    );
    expect(await stopped(`intake-${intake_seq}`)).toMatchObject({ error_code: 'wrong_mode', error_path: '/livemode' });
  });
});

describe('what Stripe tells of a payment', () => {
  test('agrees with captures and refunds of ours, whichever order it comes in', async () => {
    await market.order('P-1');
    const key = await market.request('RMA-P-1', 'P-1', [{ line_id: 'L1', quantity: 1, reason_code: 'changed_mind' }], {
      received: { location: 'dc-east', at: new Date().toISOString() },
    });
    await untilReturn(landed.estate, key, 'close');
    await untilTaken();
    const told = landed.estate.simulator.intake.counts();
    expect(told.refused).toBe(0);
    const rows = await landed.store.clickhouse.query(
      `SELECT count() AS found FROM steps WHERE flow = 'marketplace_settlement' AND business_key IN ('P-1', '${marketPayment('P-1')}')`,
    );
    expect(Number(rows[0]?.['found'])).toBe(0);
  }, 60_000);

  test('to have been given back in its dashboard is one case of the order, however often it is told', async () => {
    await market.order('P-2');
    const id = stripe().byHand.refund(marketPayment('P-2'), 500);
    const stop = await stopped(`refund-${id}`);
    expect(stop).toMatchObject({
      step: 'confirm_payment',
      business_key: 'P-2',
      legal_entity: 'uk-retail',
      ...{ amount: '5.00', currency: 'GBP', error_class: 'conflict', error_code: 'refund_unknown' },
    });
    const before = await eventsOf(`refund-${id}`);
    await tell(stripeEvent('refund.updated', refund(id, marketPayment('P-2'), 'succeeded')));
    await tell(stripeEvent('charge.refund.updated', refund(id, marketPayment('P-2'), 'pending')));
    await untilTaken();
    expect(await eventsOf(`refund-${id}`)).toEqual(before);
    await landed.untilLanded();
    const rows = await landed.store.clickhouse.query(
      `SELECT error_code, key FROM steps WHERE business_key = 'P-2' AND status = 'quarantined'`,
    );
    expect(rows).toEqual([{ error_code: 'refund_unknown', key: transactionKey('stripe', `refund-${id}`) }]);
  }, 60_000);

  test('to have failed after it was given back is a case, and what was told before changes nothing any more', async () => {
    await market.order('P-3');
    const key = await market.request('RMA-P-3', 'P-3', [{ line_id: 'L1', quantity: 3, reason_code: 'changed_mind' }], {
      received: { location: 'dc-east', at: new Date().toISOString() },
    });
    const events = await untilReturn(landed.estate, key, 'close');
    const refunded = events.find(({ step, status }) => step === 'refund_payment' && status === 'completed');
    const made = refunded?.attributes['document_number'] ?? '';
    stripe().failRefund(made, 'expired_or_canceled_card');
    const stop = await stopped(`refund-${made}-failed`);
    expect(stop).toMatchObject({ error_code: 'refund_failed', business_key: 'P-3', amount: '116.05' });
    expect(stop?.error_message).toContain('RMA-P-3');
    const metadata = { syncline_refund: `ref-${key}` };
    await tell(
      stripeEvent('refund.created', refund(made, marketPayment('P-3'), 'pending', { amount: 11_605, metadata })),
    );
    await untilTaken();
    expect(await eventsOf(`refund-${made}`)).toEqual([]);
  }, 60_000);

  test('to be more than was captured for the order is a case at once', async () => {
    await market.order('P-4');
    const intent = { id: marketPayment('P-4'), object: 'payment_intent', amount_received: 12_000, currency: 'gbp' };
    await tell(stripeEvent('payment_intent.succeeded', intent));
    const stop = await stopped(`payment-${marketPayment('P-4')}-taken-120.00`);
    expect(stop).toMatchObject({ error_code: 'capture_unknown', business_key: 'P-4', amount: '120.00' });
    expect(stop?.error_message).toContain('took 116.05 GBP');
  }, 60_000);

  test.each([
    ['a capture', 'payment_intent.succeeded', { amount_received: 900 }, 'taken-9.00', 'payment_unknown'],
    [
      'an authorisation that was lost',
      'payment_intent.canceled',
      { latest_charge: 'ch_1' },
      'released',
      'payment_unknown',
    ],
    [
      ...(['a debit that failed', 'payment_intent.payment_failed'] as const),
      { last_payment_error: { payment_method: { type: 'sepa_debit' } } },
      ...(['failed', 'payment_unknown'] as const),
    ],
  ])('of which no order ever comes is a case: %s', async (what, type, more, name, code) => {
    const id = `pi_nobodys${what.replace(/\W/g, '')}`;
    await tell(stripeEvent(type, { id, object: 'payment_intent', amount_received: 0, currency: 'gbp', ...more }));
    expect(await stopped(`payment-${id}-${name}`)).toMatchObject({
      ...{ error_code: code, business_key: id, error_class: 'reference' },
    });
  });

  test('of which no order ever comes is a case where a refund of ours failed, and none where a card was declined', async () => {
    const metadata = { syncline_refund: 'ref-nobody==return-1' };
    await tell(stripeEvent('refund.failed', refund('re_nobodys', 'pi_nobodys', 'failed', { metadata })));
    expect(await stopped('refund-re_nobodys-failed')).toMatchObject({ error_code: 'refund_failed', amount: '5.00' });
    const declined = { code: 'card_declined', payment_method: { type: 'card' } };
    const intent = { id: 'pi_declined', object: 'payment_intent', amount_received: 0, currency: 'gbp' };
    await tell(stripeEvent('payment_intent.payment_failed', { ...intent, last_payment_error: declined }));
    await untilTaken();
    expect(await eventsOf('payment-pi_declined-failed')).toEqual([]);
  });

  test('agrees once the order has come: the case is over with a replay', async () => {
    const payment = marketPayment('P-6');
    stripe().authorise(payment, 11_605, 'GBP');
    stripe().byHand.capture(payment, 11_605);
    const name = `payment-${payment}-taken-116.05`;
    const caseId = (await stopped(name))?.case_id ?? '';
    await market.order('P-6', 'sale');
    await commandOf(landed.estate.nc, 'case.replay', { actor: support, case_id: caseId, revision: 1 });
    await expect
      .poll(async () => (await caseState(landed.estate, caseId)).status, { timeout: 20_000 })
      .toBe('resolved');
    expect((await eventsOf(name)).at(-1)).toMatchObject({ step: 'confirm_payment', status: 'completed' });
  }, 60_000);
});
