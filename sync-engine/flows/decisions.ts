import type { View } from './flow.ts';
import type { StepRecord } from './transaction-log.ts';
import { OWN_SYSTEM, type Transition } from './transitions.ts';

/** A person keeps the order where it is, or lets it go on. */
export function held<Data>(view: View<Data>, by: string, reason: string): Transition<Data> {
  return { record: decision(view, 'order_held', { by, reason }), state: { ...view.state, held: { by, reason } } };
}

export function released<Data>(view: View<Data>, by: string, reason: string): Transition<Data> {
  const { held: _, ...state } = view.state;
  return { record: decision(view, 'order_released', { by, reason }), state };
}

/** The record of what a person decided about a transaction. */
export function decision(view: View<unknown>, step: string, attributes: Record<string, string>): StepRecord {
  const now = view.now.toISOString();
  return {
    step,
    status: 'completed',
    attempt: 1,
    system: OWN_SYSTEM,
    direction: 'internal',
    started_at: now,
    ended_at: now,
    attributes,
  };
}
