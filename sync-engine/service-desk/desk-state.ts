import type { CaseState } from '#contracts/v1/case.ts';
import type { VerbInput } from '../connectors/services.ts';

export type Ticket = VerbInput<'put_ticket'>;

/** What of an order matters to the service desk. */
export interface DeskView {
  orderKey: string;
  orderNumber: string;
  /** The open case that stops it. */
  stoppedBy: CaseState | undefined;
  heldBy: { by: string; reason: string } | undefined;
}

/** What the service desk is told of an order as it stands. Pure; nothing in it is about the customer. */
export function ticketOf({ orderKey, orderNumber, stoppedBy, heldBy }: DeskView): Ticket {
  const about = { orderKey, orderNumber };
  if (stoppedBy !== undefined) {
    const [problem] = stoppedBy.problems;
    const what = problem === undefined ? '' : ` (${problem.error_class}, ${problem.error_code})`;
    return {
      ...about,
      state: 'stopped',
      stateId: `case ${stoppedBy.case_id} ${stoppedBy.times_failed}`,
      caseClass: problem?.error_class ?? '',
      note: `Order ${orderNumber} is stopped at ${stoppedBy.step}${what}. Case ${stoppedBy.case_id} is being worked on.`,
    };
  }
  if (heldBy !== undefined)
    return {
      ...about,
      state: 'held',
      stateId: `held ${heldBy.by} ${heldBy.reason}`,
      caseClass: '',
      note: `Order ${orderNumber} is kept where it is by ${heldBy.by} until it is released.`,
    };
  return { ...about, state: 'well', stateId: 'well', caseClass: '', note: `Order ${orderNumber} goes on.` };
}
