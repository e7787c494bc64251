import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';
import type { TestEngine } from './engine.ts';

type Estate = Pick<TestEngine, 'js' | 'manager'>;

/** A run as it is now. @throws where there is none. */
export async function repairRun({ manager }: Pick<Estate, 'manager'>, id: string): Promise<RepairRun> {
  const last = await readLast(manager, streams.repairs, subjects.repairRun(id));
  if (last === undefined) throw new Error(`no repair run ${id}`);
  return last.json<RepairRun>();
}

/** Resolves with the run once it matches. */
export async function runUntil(
  { js, manager }: Estate,
  id: string,
  matches: (run: RepairRun) => boolean,
): Promise<RepairRun> {
  const consumer = await js.consumers.get(streams.repairs, { filter_subjects: subjects.repairRun(id) });
  const messages = await consumer.consume();
  for await (const message of messages) if (matches(message.json<RepairRun>())) break;
  messages.stop();
  return repairRun({ manager }, id);
}

/** What became of every case of a run, in the order of their turns. */
export async function repairItems({ js }: Pick<Estate, 'js'>, id: string): Promise<RepairItem[]> {
  const messages = await readLastPerSubject(js, streams.repairs, subjects.repairItems(id));
  return messages.map((message) => message.json<RepairItem>()).sort((a, b) => a.position - b.position);
}
