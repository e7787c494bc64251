import { stepWait } from '../words/steps.ts';
import type { Attempt } from './bars.ts';

/** A stretch in which an attempt had not begun though what came before it had ended. Milliseconds since 1970. */
export interface Wait {
  /** The attempt that waited. */
  id: string;
  start: number;
  end: number;
  /** "waited for NetSuite to be tried again" */
  label: string;
}

/** Waits shorter than this are the engine's own pace, not worth a hatch. */
const SHORTEST_WAIT_MS = 2;

/**
 * The wait before each attempt: from the end of what ended last before it, named by what it waited for. `nameOf` gives
 * a system's name by its id.
 */
export function waitsBetween(attempts: readonly Attempt[], nameOf: (system: string) => string): Wait[] {
  const waits: Wait[] = [];
  let last: Attempt | undefined;
  for (const next of attempts) {
    const since = last?.end;
    if (last && since !== undefined && next.start - since >= SHORTEST_WAIT_MS)
      waits.push({ id: next.id, start: since, end: next.start, label: waitLabel(last, next, nameOf) });
    if (!last || (next.end ?? Infinity) >= (last.end ?? Infinity)) last = next;
  }
  return waits;
}

function waitLabel(before: Attempt, next: Attempt, nameOf: (system: string) => string): string {
  if (before.status === 'quarantined') return 'in quarantine, waited for a person';
  if (before.status === 'retrying') return `waited to try ${nameOf(before.event.system)} again`;
  if (before.event.step === 'order_held') return 'held, waited for a person to release it';
  return `waited for ${stepWait(next.event.step, nameOf(next.event.system))}`;
}
