import { orProblem } from '../outage.ts';
import type { Step, View } from './flow.ts';
import type { Transition } from './transitions.ts';

/**
 * Names the posting in an event of the step that posts, also where the step stopped before its first attempt, is replayed
 * or was done outside: otherwise that event would count as a posting of its own, which failed and never comes to an end.
 * What was skipped is no posting.
 */
export async function withPosting<Data, Env>(
  view: View<Data>,
  steps: ReadonlyMap<string, Step<Data, Env>>,
  transition: Transition<Data>,
): Promise<Transition<Data>> {
  const { record } = transition;
  const step = steps.get(record.step);
  const isForward = step?.kind === 'call' && step.name === view.state.step && view.state.phase === 'forward';
  if (!isForward || record.status === 'skipped') return transition;
  const posting = await orProblem(() => step.call.posting?.(view) ?? {});
  // A defect in it has become the case that this very event tells of.
  if ('problems' in posting) return transition;
  return { ...transition, record: { ...record, attributes: { ...posting, ...record.attributes } } };
}
