import {
  reconciliationBreak,
  type ReconciliationBreak,
  reconciliationRun,
  type ReconciliationRun,
} from '#contracts/v1/reconciliation.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { isActive } from '#sync-engine/reconciliation/heard-runs.ts';
import { readStream } from './check-events.ts';
import type { World } from './world.ts';

/** Every run and every break as the stream tells them, by id and in order. */
export interface Stories {
  runs: ReadonlyMap<string, ReconciliationRun[]>;
  breaks: ReadonlyMap<string, ReconciliationBreak[]>;
}

export async function readStories(world: World): Promise<Stories> {
  const runs = new Map<string, ReconciliationRun[]>();
  const breaks = new Map<string, ReconciliationBreak[]>();
  for await (const { data } of readStream(world, streams.reconciliation)) {
    const message: unknown = JSON.parse(Buffer.from(data).toString());
    const run = reconciliationRun.safeParse(message).data;
    const one = reconciliationBreak.safeParse(message).data;
    if (run !== undefined) runs.set(run.run_id, [...(runs.get(run.run_id) ?? []), run]);
    if (one !== undefined) breaks.set(one.break_id, [...(breaks.get(one.break_id) ?? []), one]);
  }
  return { runs, breaks };
}

/**
 * What is wrong once both sides agree again: a run that did not end or ended twice, a break that was opened twice or
 * while it was open, of which one run said two things, or that is open still. Pure.
 */
export function wrongIn({ runs, breaks }: Stories): string[] {
  return [
    ...[...runs].flatMap(([id, story]) => wrongInRun(id, story)),
    ...[...runs].flatMap(([id, story]) => miscounted(id, story.at(-1), [...breaks.values()].flat())),
    ...[...breaks].flatMap(([id, story]) => wrongInBreak(id, story)),
  ];
}

function wrongInRun(id: string, story: readonly ReconciliationRun[]): string[] {
  const ended = story.filter((run) => !isActive(run));
  const last = story.at(-1);
  if (ended.length !== 1 || last === undefined || isActive(last)) return [`the run ${id} ended ${ended.length} times`];
  return last.status === 'done' ? [] : [`the run ${id} ended ${last.status}: ${last.message}`];
}

/** What a run says it opened and healed, beside what the breaks say of it. */
function miscounted(id: string, run: ReconciliationRun | undefined, told: readonly ReconciliationBreak[]): string[] {
  const count = (wanted: ReconciliationBreak['type']) =>
    told.filter(({ type, actor }) => type === wanted && actor === id).length;
  const actual = `${run?.opened} opened, ${run?.seen_again} seen again, ${run?.healed} healed`;
  const again = count('seen') + count('reopened');
  const wanted = `${count('opened')} opened, ${again} seen again, ${count('healed')} healed`;
  return actual === wanted ? [] : [`the run ${id} says ${actual}, its breaks ${wanted}`];
}

function wrongInBreak(id: string, story: readonly ReconciliationBreak[]): string[] {
  const wrong: string[] = [];
  const name = `the break ${id} of ${story[0]?.business_key}`;
  const opened = story.filter(({ type }) => type === 'opened').length;
  if (opened !== 1) wrong.push(`${name} was opened ${opened} times`);
  const actors = story.map(({ actor }) => actor);
  if (new Set(actors).size < actors.length) wrong.push(`${name} was told of twice by one run`);
  for (const [index, { type, revision }] of story.entries()) {
    const before = story[index - 1]?.status;
    const opens = type === 'opened' || type === 'reopened';
    if (opens === (before === 'open')) wrong.push(`${name} was ${type} while ${before ?? 'unknown'}`);
    if (revision !== index + 1) wrong.push(`${name} has revision ${revision} at ${index + 1}`);
  }
  if (story.at(-1)?.status === 'open') wrong.push(`${name} is open although both sides agree`);
  return wrong;
}
