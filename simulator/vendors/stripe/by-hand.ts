import { field } from '../vendor.ts';
import type { Events } from './events.ts';
import { capture, type Intent, type Intents } from './intents.ts';
import type { Refunds } from './refunds.ts';

/** What the shop's staff do in Stripe's dashboard: nothing of it bears a mark of ours. Amounts in minor units. */
export interface ByHand {
  /** @throws Error where the payment does not allow it. */
  capture(intent: string, amount: number): void;
  /** @returns the refund's id. @throws Error where the payment does not allow it. */
  refund(intent: string, amount: number): string;
  /** @throws Error where the payment does not allow it. */
  cancel(intent: string): void;
}

interface Desk {
  intents: Intents;
  refunds: Refunds;
  events: Events;
  cancel: (intent: Intent, reason: string | null) => unknown;
}

export function byHand({ intents, refunds, events, cancel }: Desk): ByHand {
  const intentOf = (id: string): Intent => {
    const intent = intents.find(id);
    if (intent === undefined) throw new Error(`Stripe has no payment ${id}`);
    return intent;
  };
  return {
    capture: (id, amount) => {
      const wanted = { amount, final: false, key: '', metadata: {} };
      done(capture({ intents, events }, intentOf(id), wanted));
    },
    refund: (id, amount) => {
      const form = new URLSearchParams({ payment_intent: id, amount: String(amount) });
      return field(done(refunds.create(form)), 'id');
    },
    cancel: (id) => {
      const intent = intentOf(id);
      if (intent.status !== 'requires_capture') throw new Error(`Stripe refused: ${id} is ${intent.status}`);
      cancel(intent, 'abandoned');
    },
  };
}

function done({ status, body }: { status: number; body: unknown }): unknown {
  if (status !== 200) throw new Error(`Stripe refused: ${JSON.stringify(body)}`);
  return body;
}
