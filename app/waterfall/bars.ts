import type { StepStatus } from '#contracts/v1/step-event.ts';

/** One step event as the console reads it. Instants are RFC 3339 UTC. */
export interface TraceEvent {
  event_id: string;
  ordinal: number;
  span_id: string;
  parent_span_id: string;
  step: string;
  status: StepStatus;
  attempt: number;
  started_at: string;
  ended_at: string;
  system: string;
  error_class: string;
  error_code: string;
  error_path: string;
  error_message: string;
  case_id: string;
  payload_version: number;
  attributes: Record<string, string>;
}

/** One attempt of one step: the events that began and ended it, joined. Times are milliseconds since 1970. */
export interface Attempt {
  /** Event id of the event that ended it, or of the one that began it while it runs. */
  id: string;
  event: TraceEvent;
  start: number;
  /** Absent while it runs. */
  end: number | undefined;
  status: StepStatus | 'interrupted';
  /** Replays that came before it: 0 in the first run. */
  run: number;
}

interface Open {
  event: TraceEvent;
  run: number;
}

/**
 * Joins step events into attempts. A `started` event without an end is running, unless another attempt of the same
 * step began after it: then its worker was lost and it counts as interrupted. Events may come in any order.
 */
export function joinAttempts(events: readonly TraceEvent[]): Attempt[] {
  const ordered = [...events].sort((a, b) => a.ordinal - b.ordinal);
  const attempts: Attempt[] = [];
  const open: Open[] = [];
  let run = 0;

  const interrupt = (event: TraceEvent) => {
    for (const left of [...open]) {
      if (left.event.step !== event.step) continue;
      open.splice(open.indexOf(left), 1);
      attempts.push({ ...begun(left), end: Date.parse(event.started_at), status: 'interrupted' });
    }
  };

  for (const event of ordered) {
    if (event.status === 'replayed') run += 1;
    if (event.status === 'started') {
      interrupt(event);
      open.push({ event, run });
      continue;
    }
    if (event.step === 'repair_rule_applied') {
      // The one event tells of the refusal as well as of the cure.
      const refused = open.findIndex((left) => left.event.step === event.attributes['failed_step']);
      const [left] = refused === -1 ? [] : open.splice(refused, 1);
      if (left !== undefined) attempts.push(endedBy(left, event));
    }
    const at = openAttemptOf(open, event);
    const began = at === -1 ? undefined : open.splice(at, 1)[0];
    const started = began?.event ?? event;
    attempts.push({
      id: event.event_id,
      event: { ...event, attributes: { ...started.attributes, ...event.attributes } },
      start: Math.min(Date.parse(started.started_at), Date.parse(event.started_at)),
      end: Date.parse(event.ended_at === '' ? event.started_at : event.ended_at),
      status: event.status,
      run: began?.run ?? run,
    });
  }
  attempts.push(...open.map(begun));
  return attempts.sort((a, b) => a.start - b.start || a.event.ordinal - b.event.ordinal);
}

function begun({ event, run }: Open): Attempt {
  return { id: event.event_id, event, start: Date.parse(event.started_at), end: undefined, status: 'started', run };
}

function endedBy(left: Open, event: TraceEvent): Attempt {
  const { failed_message = '', failed_class = '', payload_seq } = event.attributes;
  const attributes = payload_seq === undefined ? left.event.attributes : { ...left.event.attributes, payload_seq };
  const failed = { ...left.event, error_message: failed_message, error_class: failed_class, attributes };
  return { ...begun({ ...left, event: failed }), end: Date.parse(event.started_at), status: 'failed' };
}

/** The open attempt an event ends: the same span, or else the same step and attempt. */
function openAttemptOf(open: readonly Open[], event: TraceEvent): number {
  if (event.status === 'replayed') return -1;
  const bySpan = open.findIndex((left) => left.event.span_id === event.span_id && left.event.step === event.step);
  if (bySpan !== -1) return bySpan;
  return open.findIndex((left) => left.event.step === event.step && left.event.attempt === event.attempt);
}
