import type { CaseProblem, SuggestedRule } from '#contracts/v1/case.ts';
import type { Flow } from '#contracts/v1/step-event.ts';
import type { FlowState, Head } from './state.ts';

/** Where a transaction stopped. */
export interface Failed {
  step: string;
  system: string;
  /** What would cure it, which nobody may apply alone. */
  suggested_rule?: SuggestedRule;
}

/** What a flow needs of the cases: to open one durably before it stops, and to close it once it got past. */
export interface CaseDesk {
  /**
   * Opens the transaction's case, or returns the one under replay to open. Repeating it answers the same id.
   * @returns the case's id, once it is durable.
   */
  open(flow: Flow, head: Head, failed: Failed, problems: readonly [CaseProblem, ...CaseProblem[]]): Promise<string>;
  /** Closes a case; harmless where it is closed already. */
  resolve(resolution: NonNullable<FlowState['resolving']>): Promise<void>;
}
