import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { testSecret } from '../support/simulator.ts';

const isSettled = (event: StepEvent) => event.step === 'settle' && event.status === 'completed';
const NEVER_MS = 86_400_000;

let estate: TestEngine;
let nextId = 650_000;
beforeAll(async () => {
  estate = await startEngine({
    simulator: { pace: { shipAfterMs: [0, 0], deliverAfterMs: [NEVER_MS, NEVER_MS], splitShare: 0 } },
    estate: (given) => ({ ...given, policies: { ...given.policies, hold_early_signals_s: 1 } }),
  });
}, 60_000);
afterAll(() => estate.close());

let lastEvent = 0;
const trackerEvent = (tracking_code: string, status: string, more: object = {}) => ({
  description: 'tracker.updated',
  mode: 'production',
  previous_attributes: { status: 'in_transit' },
  created_at: '2026-10-03T14:00:05.000Z',
  pending_urls: [],
  completed_urls: [],
  updated_at: '2026-10-03T14:00:05.000Z',
  id: `evt_${++lastEvent}`,
  status: 'pending',
  object: 'Event',
  result: {
    id: 'trk_1',
    object: 'Tracker',
    mode: 'production',
    tracking_code,
    status,
    status_detail: 'arrived_at_destination',
    created_at: '2026-10-01T09:00:00Z',
    updated_at: '2026-10-03T14:00:00Z',
    signed_by: 'A. PERSON',
    weight: 614.4,
    carrier: 'FedEx',
    tracking_details: [
      { object: 'TrackingDetail', message: 'On the way', status: 'in_transit', datetime: '2026-10-02T02:46:19Z' },
      { object: 'TrackingDetail', message: 'Delivered', status, datetime: '2026-10-03T13:55:00Z' },
    ],
    is_return: false,
    ...more,
  },
});
const post = (body: string, signature?: string) =>
  fetch(`${estate.intakeUrl}/intake/easypost/easypost`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hmac-signature':
        signature ??
        `hmac-sha256-hex=${createHmac('sha256', testSecret('EASYPOST_SECRET')).update(body).digest('hex')}`,
    },
    body,
  });
const tell = async (event: object) => {
  const answer = await post(JSON.stringify(event));
  expect(answer.status, await answer.clone().text()).toBe(200);
};
/** An order whose parcel is on its way. @returns its key and tracking number. */
async function onItsWay(): Promise<{ key: string; number: string }> {
  const key = await estate.placeOrder({ id: ++nextId });
  const events = await estate.until(key, ({ step, status }) => step === 'notify_customer' && status === 'completed');
  const shipped = events.find(({ step }) => step === 'shipment_confirmed');
  return { key, number: shipped?.attributes['ref_tracking_number'] ?? '' };
}

describe('what a carrier says of a parcel', () => {
  test('delivers its order, at the moment the carrier handed it over, once however often it is said', async () => {
    const { key, number } = await onItsWay();
    await tell(trackerEvent(number, 'out_for_delivery'));
    const said = trackerEvent(number, 'delivered');
    await tell(said);
    await tell(said);
    await tell(trackerEvent(number, 'delivered'));
    const events = await estate.until(key, isSettled);
    const told = events.filter(({ step }) => step === 'delivery_received');
    expect(told).toMatchObject([{ system: 'easypost' }]);
    expect(events.find(({ step }) => step === 'delivered')?.ended_at).toBe('2026-10-03T13:55:00.000Z');
  });

  test('of one on its way back delivers nothing to the customer', async () => {
    const { key, number } = await onItsWay();
    await tell(trackerEvent(number, 'delivered', { is_return: true }));
    await tell(trackerEvent(number, 'delivered'));
    const events = await estate.until(key, isSettled);
    expect(events.filter(({ step }) => step === 'delivery_received')).toHaveLength(1);
  });

  test('of one that no order has is held for its shipment, and then a case with the field named', async () => {
    const body = JSON.stringify(trackerEvent('NOBODYS-PARCEL', 'delivered'));
    const { intake_seq } = (await (await post(body)).json()) as { intake_seq: number };
    const key = transactionKey('easypost', `intake-${intake_seq}`);
    const stopped = (await estate.until(key, ({ status }) => status === 'quarantined')).at(-1);
    expect(stopped).toMatchObject({
      error_class: 'reference',
      error_code: 'unknown_tracking_number',
      error_path: '/result/tracking_code',
    });
  });

  test('that does not fit its contract is a case with the field named', async () => {
    const { result, ...rest } = trackerEvent('X', 'delivered');
    const body = JSON.stringify({ ...rest, result: { ...result, tracking_code: undefined } });
    const { intake_seq } = (await (await post(body)).json()) as { intake_seq: number };
    const key = transactionKey('easypost', `intake-${intake_seq}`);
    const stopped = (await estate.until(key, ({ status }) => status === 'quarantined')).at(-1);
    expect(stopped).toMatchObject({ error_class: 'validation', error_path: '/result/tracking_code' });
  });

  test.each([
    [
      'under another secret',
      (body: string) => `hmac-sha256-hex=${createHmac('sha256', 'x').update(body).digest('hex')}`,
    ],
    [
      'without the name of the algorithm',
      (body: string) => createHmac('sha256', testSecret('EASYPOST_SECRET')).update(body).digest('hex'),
    ],
    ['not at all', () => ''],
  ])('signed %s is not believed', async (_, sign) => {
    const body = JSON.stringify(trackerEvent('X', 'delivered'));
    expect((await post(body, sign(body))).status).toBe(401);
  });

  test('of a topic that nobody takes is refused by name', async () => {
    const answer = await post(JSON.stringify({ ...trackerEvent('X', 'delivered'), description: 'batch.created' }));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('tracker.updated');
  });
});

test('a simulated parcel that its carrier tells of arrives like any other', async () => {
  const other = await startEngine({ simulator: { trackedShare: 1 } });
  const key = await other.placeOrder({ id: 650_900 });
  const events = await other.until(key, isSettled);
  expect(events.filter(({ step }) => step === 'delivery_received').map(({ system }) => system)).toEqual(
    events.filter(({ step }) => step === 'shipment_confirmed').map(() => 'easypost'),
  );
  await other.close();
});
