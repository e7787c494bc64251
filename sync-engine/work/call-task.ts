import type { Flow as FlowName } from '#contracts/v1/step-event.ts';
import { compensationOf } from '../flows/compensations.ts';
import type { Call, Step, View } from '../flows/flow.ts';
import type { Runner } from '../flows/runner.ts';
import type { Head } from '../flows/state.ts';

/** One call a transaction waits for, as its checkpoint says. */
export interface Task {
  flow: FlowName;
  head: Head;
  step: Step<unknown, unknown>;
  call: Call<unknown, unknown>;
  undo: boolean;
}

/** What the transaction wants of this system just now, if anything. */
export function taskOf(runner: Runner<unknown, unknown>, head: Head, system: string): Task | undefined {
  const { state } = head;
  if (state.phase === 'finished' || state.held !== undefined || state.blocked_by !== undefined) return undefined;
  const undo = state.phase === 'compensating';
  const step = undo ? compensationOf(runner.flow, state) : runner.step(state.step);
  if (step?.kind !== 'call') return undefined;
  const call = undo ? step.undo : step.call;
  if (call === undefined || !concerns(call, runner.view(head), system)) return undefined;
  return { flow: runner.flow.name, head, step, call, undo };
}

/** Where a defect hides whom to call, whoever was asked has the task: the attempt meets the defect and stops with it. */
function concerns(call: Call<unknown, unknown>, view: View<unknown>, system: string): boolean {
  try {
    return call.system(view) === system;
  } catch {
    return true;
  }
}
