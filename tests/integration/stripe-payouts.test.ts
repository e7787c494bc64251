import { afterAll, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { ledgers, marketPayment, openMarketplace, untilReturn } from '../support/returns.ts';
import { openStripe, stripeEvent } from '../support/stripe.ts';

/** What Stripe pays out, from its signed webhooks to journals and breaks in ClickHouse. */
let landed: LandedEstate;
let market: Awaited<ReturnType<typeof openMarketplace>>;
beforeAll(async () => {
  landed = await startLandedEstate();
  market = await openMarketplace(landed.estate);
}, 120_000);
afterAll(() => landed.close(), 60_000);

const { api: stripe, tell, stopped, eventsOf, untilTaken } = openStripe(() => landed.estate);
const isOver = ({ step, status }: StepEvent) => step === 'close_payout' && status === 'completed';
const settled = (id: string) =>
  landed.estate.until(transactionKey('stripe', `payout-${id}`), isOver, 'marketplace_settlement');
/** Pays out what is in the balance. @returns the payout's id. */
const payOut = (): string => {
  const [id, ...more] = stripe().payouts.payOut();
  expect(more).toEqual([]);
  return id ?? '';
};
interface Entry {
  externalId: string;
  lines: { account: string; debit: number; credit: number }[];
}
/** Debits less credits by account, of each journal of the payout. */
const journals = (id: string) => {
  const books = landed.estate.simulator.state('netsuite')['netsuite'] as { journalEntries: Entry[] };
  return books.journalEntries
    .filter(({ externalId }) => externalId === `payout-${transactionKey('stripe', `payout-${id}`)}`)
    .map(({ lines }) => Object.fromEntries(lines.map(({ account, debit, credit }) => [account, debit - credit])));
};
/** As config/estate.yaml maps them. */
const accounts = { cash: '1000', clearing: '1110', fees: '6120' };

test('a payout is read from Stripe, matched to its captures and refunds, and posted as cash, fees and clearing, once', async () => {
  await market.order('Q-1');
  await market.order('Q-2');
  const key = await market.request('RMA-Q-1', 'Q-1', [{ line_id: 'L1', quantity: 1, reason_code: 'changed_mind' }], {
    received: { location: 'dc-east', at: new Date().toISOString() },
  });
  await untilReturn(landed.estate, key, 'close');
  const [refunded] = ledgers(landed.estate).refundsOf(marketPayment('Q-1'));
  const given = (refunded?.amount ?? 0) / 100;
  const id = payOut();
  const events = await settled(id);
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  expect(events.find(({ step }) => step === 'match_orders')?.attributes).toMatchObject({ orders: '2', breaks: '0' });
  const [entry, ...more] = journals(id);
  expect(more).toEqual([]);
  // 1.5 % and 20 pence of each capture.
  expect(entry?.[accounts.fees]).toBeCloseTo(3.88, 2);
  expect(entry?.[accounts.clearing]).toBeCloseTo(given - 232.1, 2);
  expect(entry?.[accounts.cash]).toBeCloseTo(232.1 - given - 3.88, 2);

  await untilTaken('payout');
  expect(await eventsOf(`payout-${id}`)).toEqual(events);
  await landed.untilLanded();
  const rows = await landed.store.clickhouse.query(
    `SELECT step, status, legal_entity FROM steps WHERE key = '${transactionKey('stripe', `payout-${id}`)}' ORDER BY stream_seq`,
  );
  expect(rows.map(({ step, status }) => [step, status])).toEqual(events.map(({ step, status }) => [step, status]));
  expect(rows.at(-1)).toMatchObject({ legal_entity: 'uk-retail' });
}, 60_000);

test('a payout is posted also where lines match nothing of ours, each a break; one that its bank refuses is a case', async () => {
  await market.order('Q-3');
  const payment = marketPayment('Q-3');
  stripe().byHand.refund(payment, 500);
  landed.estate.simulator.conditions.setPayoutMismatch('stripe', true);
  const id = payOut();
  landed.estate.simulator.conditions.setPayoutMismatch('stripe', false);
  await settled(id);
  expect(journals(id)).toHaveLength(1);
  expect(await stopped(`payout-${id}-${payment}`)).toMatchObject({
    ...{ step: 'match_order', error_code: 'refund_unknown', business_key: 'Q-3' },
  });
  expect(await stopped(`payout-${id}-rows`)).toMatchObject({ error_code: 'unknown_rows' });

  stripe().payouts.fail(id, 'account_closed');
  const failed = await stopped(`payout-${id}-failed`);
  expect(failed).toMatchObject({ error_code: 'payout_failed', currency: 'GBP' });
  // The case says what is to be taken back.
  const posted = (await settled(id)).find(({ attributes }) => attributes['document_number'] !== undefined);
  expect(failed?.error_message).toContain(`Its journal ${posted?.attributes['document_number']} is posted`);
}, 60_000);

test('a payout in dollars of what was paid in pounds and in dollars is compared as it was paid, and posted as it was settled', async () => {
  stripe().settleIn('gbp', { currency: 'usd', rate: 1.25 });
  await market.order('Q-4');
  // The rate moves until some of it comes back.
  stripe().settleIn('gbp', { currency: 'usd', rate: 1.3 });
  const key = await market.request('RMA-Q-4', 'Q-4', [{ line_id: 'L1', quantity: 1, reason_code: 'changed_mind' }], {
    received: { location: 'dc-east', at: new Date().toISOString() },
  });
  await untilReturn(landed.estate, key, 'close');
  stripe().settleIn('gbp');
  stripe().authorise('pi_dollars', 1000, 'USD');
  stripe().byHand.capture('pi_dollars', 1000);
  const [refunded] = ledgers(landed.estate).refundsOf(marketPayment('Q-4'));
  const given = (refunded?.amount ?? 0) / 100;

  const id = payOut();
  const events = await settled(id);
  expect(events.find(({ step }) => step === 'match_orders')?.attributes).toMatchObject({ orders: '2', breaks: '1' });
  expect(await stopped(`payout-${id}-pi_dollars`)).toMatchObject({ error_code: 'payment_unknown' });
  expect(await eventsOf(`payout-${id}-${marketPayment('Q-4')}`)).toEqual([]);
  const [entry] = journals(id);
  // 116.05 pounds at 1.25, and 10 dollars.
  expect(entry?.[accounts.clearing]).toBeCloseTo(given * 1.3 - 145.06 - 10, 2);
  expect(events.at(-1)).toMatchObject({ legal_entity: 'us-retail', currency: 'USD' });
}, 60_000);

test('a payout that was told to have failed before it was told to be paid is a case, and nothing of it is posted', async () => {
  const payout = {
    ...{ id: 'po_turned', object: 'payout', amount: 5_000, currency: 'gbp', reconciliation_status: 'completed' },
    arrival_date: Math.floor(Date.now() / 1000),
  };
  await tell(stripeEvent('payout.failed', { ...payout, status: 'failed', failure_code: 'account_closed' }));
  const failed = await stopped('payout-po_turned-failed');
  expect(failed).toMatchObject({ error_code: 'payout_failed', amount: '50.00' });
  expect(failed?.error_message).toContain('Nothing of it is booked, nor will be.');
  await tell(stripeEvent('payout.paid', { ...payout, status: 'paid' }));
  expect(await stopped('payout-po_turned')).toMatchObject({ step: 'gather_payout', error_code: 'payout_failed' });
  expect(journals('po_turned')).toEqual([]);
}, 60_000);

test.each([
  // Refused before anything was done, and an answer that leaves it open whether something was.
  ['throttle', 'Its journal is not posted, and will not be.'],
  ['error', 'Whether its journal was posted before is for its own transaction'],
] as const)(
  'a payout that fails while the ERP keeps its journal waiting (%s) is not posted',
  async (fault, said) => {
    await market.order(`Q-5-${fault}`);
    const { conditions } = landed.estate.simulator;
    conditions.setFault('netsuite', fault, 1);
    const id = payOut();
    const key = transactionKey('stripe', `payout-${id}`);
    await landed.estate.until(
      key,
      ({ step, status }) => step === 'erp_post_journal' && status === 'retrying',
      'marketplace_settlement',
    );
    stripe().payouts.fail(id, 'account_closed');
    expect((await stopped(`payout-${id}-failed`))?.error_message).toContain(said);
    conditions.clearFaults();
    const last = await stopped(`payout-${id}`);
    expect(last).toMatchObject({ step: 'erp_post_journal', error_code: 'payout_failed', currency: 'GBP' });
    expect(last?.error_message).toContain(`The payout ${id} of ${last?.amount} GBP`);
    expect(journals(id)).toEqual([]);
  },
  60_000,
);

test('a payout that fails after its journal was posted, unheard, is looked up and ends with its number', async () => {
  await market.order('Q-6');
  const { conditions } = landed.estate.simulator;
  conditions.setFault('netsuite', 'lost_answer', 1);
  const id = payOut();
  const isRetried = ({ step, status }: StepEvent) => step === 'erp_post_journal' && status === 'retrying';
  await landed.estate.until(transactionKey('stripe', `payout-${id}`), isRetried, 'marketplace_settlement');
  stripe().payouts.fail(id, 'account_closed');
  await stopped(`payout-${id}-failed`);
  conditions.clearFaults();
  const posted = (await settled(id)).find(({ attributes }) => attributes['document_number'] !== undefined);
  expect(posted).toMatchObject({ step: 'erp_post_journal', attributes: { looked_up: 'true' } });
  expect(journals(id)).toHaveLength(1);
}, 60_000);
