import { expect } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, type IntakeDomain } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { signTimestamped } from '#sync-engine/intake/timestamped-signature.ts';
import type { TestEngine } from './engine.ts';
import { untilNoneHeld } from './intake.ts';
import { testSecret } from './simulator.ts';

const secret = testSecret('STRIPE_WEBHOOK_SECRET');
let lastEvent = 0;

/** An event as Stripe writes it. */
export const stripeEvent = (type: string, object: object, more: object = {}): string =>
  JSON.stringify({
    ...{ id: `evt_test${++lastEvent}`, object: 'event', type, created: Math.floor(Date.now() / 1000) },
    ...{ livemode: false, data: { object }, ...more },
  });

export const signed = (body: string, at = new Date(), key = secret): string =>
  signTimestamped(Buffer.from(body), key, at);

/** The simulated estate's Stripe, and what comes of what it tells. */
export function openStripe(engine: () => TestEngine) {
  const post = (body: string, signature = signed(body)) =>
    fetch(`${engine().intakeUrl}/intake/stripe/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body,
    });
  return {
    api: () => {
      const api = engine().simulator.systems.stripes.get('stripe');
      if (api === undefined) throw new Error('the estate has no Stripe');
      return api;
    },
    post,
    tell: async (body: string) => {
      const answer = await post(body);
      expect(answer.status, await answer.clone().text()).toBe(200);
      return (await answer.json()) as { intake_seq: number; duplicate: boolean };
    },
    /** The last event of a transaction that stops with a case. */
    stopped: async (name: string): Promise<StepEvent | undefined> =>
      (
        await engine().until(
          transactionKey('stripe', name),
          ({ status }) => status === 'quarantined',
          'marketplace_settlement',
        )
      ).at(-1),
    eventsOf: (name: string) => engine().events(transactionKey('stripe', name), 'marketplace_settlement'),
    /** Resolves once everything that Stripe told so far has been posted, taken by the engine, and is not held any more. */
    untilTaken: (domain: IntakeDomain = 'payment') => untilNoneHeld(engine(), domain),
    /** Does a message wait for what it belongs to? */
    isHeld: async (seq: number) => {
      const held = await openBucket(engine().nc, buckets.held);
      return (await held.get(String(seq)))?.operation === 'PUT';
    },
  };
}
