import type { CaseEvent, CaseState, CaseStatus } from './case.ts';

type EventType = CaseEvent['type'];

/** Statuses in which a case waits for somebody or something. */
const WAITING = ['open', 'assigned', 'fixed', 'awaiting_approval', 'on_hold'] as const satisfies readonly CaseStatus[];
const CLOSED = ['resolved', 'done_outside', 'discarded'] as const satisfies readonly CaseStatus[];
const OPEN = [...WAITING, 'replaying'] as const;

const closed: ReadonlySet<CaseStatus> = new Set(CLOSED);
export const isClosed = (state: Pick<CaseState, 'status'>): boolean => closed.has(state.status);

/** From which statuses an event may come, and what it may leave; `same` leaves the status as it was. */
interface Rule {
  from: readonly CaseStatus[];
  to: readonly (CaseStatus | 'same')[];
}

/** Every way a case may go. What is not here does not happen, whoever asks. */
export const caseMachine: Record<Exclude<EventType, 'opened'>, Rule> = {
  assigned: { from: WAITING, to: ['same', 'open', 'assigned'] },
  commented: { from: OPEN, to: ['same'] },
  tagged: { from: OPEN, to: ['same'] },
  mapping_added: { from: OPEN, to: ['same'] },
  dry_run: { from: OPEN, to: ['same'] },
  revealed: { from: [...OPEN, ...CLOSED], to: ['same'] },
  fixed: { from: ['open', 'assigned', 'fixed', 'awaiting_approval'], to: ['fixed'] },
  held: { from: ['open', 'assigned', 'fixed', 'awaiting_approval'], to: ['on_hold'] },
  released: { from: ['on_hold'], to: ['open', 'assigned', 'fixed'] },
  approval_requested: { from: ['open', 'assigned', 'fixed'], to: ['awaiting_approval'] },
  approved: { from: ['awaiting_approval'], to: ['replaying'] },
  declined: { from: ['awaiting_approval'], to: ['open', 'assigned', 'fixed'] },
  replay_requested: { from: ['open', 'assigned', 'fixed'], to: ['replaying'] },
  failed_again: { from: [...OPEN, ...CLOSED], to: ['same', 'open'] },
  resolved: { from: OPEN, to: ['resolved'] },
  done_outside: { from: OPEN, to: ['done_outside'] },
  discarded: { from: OPEN, to: ['discarded'] },
  restored: { from: ['discarded'], to: ['open'] },
};

/** May an event of this type take a case from `before` to `after`? */
export function mayPass(type: EventType, before: CaseStatus | undefined, after: CaseStatus): boolean {
  if (type === 'opened') return before === undefined && after === 'open';
  if (before === undefined) return false;
  const { from, to } = caseMachine[type];
  return from.includes(before) && (to.includes(after) || (after === before && to.includes('same')));
}

/** May an event of this type come to a case in this status? */
export const accepts = (type: Exclude<EventType, 'opened'>, status: CaseStatus): boolean =>
  caseMachine[type].from.includes(status);

/** Where a case goes that is put aside: remembered, so that it comes back as it was. */
export function parked(state: CaseState): Pick<CaseState, 'parked_from'> {
  const { status, parked_from } = state;
  if (status === 'open' || status === 'assigned' || status === 'fixed') return { parked_from: status };
  return parked_from === undefined ? {} : { parked_from };
}

/** A replay that awaited approval is called off; where a repair run had asked for it, that is over too. */
export const withdrawn = ({ status }: Pick<CaseState, 'status'>): { approval: undefined; repair_run?: undefined } => ({
  approval: undefined,
  ...(status === 'awaiting_approval' ? { repair_run: undefined } : {}),
});

/** Where a case goes back to that was put aside. */
export function unparked({ parked_from, assignee }: CaseState): 'open' | 'assigned' | 'fixed' {
  if (parked_from === 'fixed') return 'fixed';
  return assignee === '' ? 'open' : 'assigned';
}
