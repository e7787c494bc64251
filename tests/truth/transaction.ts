import { hash32 } from '#contracts/v1/key.ts';
import type { Flow, StepEvent } from '#contracts/v1/step-event.ts';

/** What all events of one transaction say. */
export type Dimensions = Pick<StepEvent, 'flow' | 'key' | 'business_key' | 'occurred_at'> & Partial<StepEvent>;

export interface Told extends Partial<StepEvent> {
  /** Milliseconds since 1970 when it ended, or, where `running`, began. */
  at: number;
  /** How long it took, milliseconds. */
  took?: number;
  running?: boolean;
}

/** One transaction, told step by step. What would lie at or after `until` has not happened. */
export interface Transaction {
  events: StepEvent[];
  tell(step: string, told: Told): void;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const hex = (n: number, length: number): string => n.toString(16).padStart(length, '0').slice(-length);

export function beginTransaction(dimensions: Dimensions & { flow: Flow }, until: number): Transaction {
  const events: StepEvent[] = [];
  return {
    events,
    tell(step, { at, took = 0, running = false, ...more }) {
      if (at >= until) return;
      const ordinal = events.length + 1;
      events.push({
        v: 1,
        event_id: `${dimensions.key}:${ordinal}`,
        ordinal,
        writer: 'truth',
        trace_id: hex(hash32(dimensions.key) + 1, 32),
        span_id: hex(hash32(`${dimensions.key}:${ordinal}`) + 1, 16),
        parent_span_id: '',
        step,
        status: running ? 'started' : 'completed',
        attempt: 1,
        started_at: iso(at - took),
        ended_at: running ? '' : iso(at),
        deadline: '',
        system: '',
        direction: 'internal',
        channel: '',
        region: '',
        legal_entity: '',
        brand: '',
        location: '',
        sku: '',
        amount: '',
        currency: '',
        error_class: '',
        error_code: '',
        error_path: '',
        error_message: '',
        case_id: '',
        payload_version: 1,
        origin: 'live',
        attributes: {},
        ...dimensions,
        ...more,
      });
    },
  };
}
