import { setTimeout as delay } from 'node:timers/promises';
import type { CaseState } from '#contracts/v1/case.ts';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { RepairRun } from '#contracts/v1/repair.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { readLast } from '#platform/nats/publish.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { type CaseIndex, followCases } from '#sync-engine/cases/case-index.ts';
import type { World } from './world.ts';

const actor = { id: 'clerk', roles: ['administrator' as const] };
const second = { id: 'second', roles: ['finance' as const] };
const LOOK_AGAIN_MS = 500;

export interface Clerk {
  /** The cases nobody has closed, each with its problem. */
  open(): string[];
  stop(): Promise<void>;
}

/**
 * The people who add missing mappings, replay and approve, through the commands and as often as it takes: one case by
 * hand, the next through a repair run.
 * @param leaves cases that somebody else sees to; only their approval is given.
 */
export async function startClerk(world: World, leaves: (state: CaseState) => boolean = () => false): Promise<Clerk> {
  const cases: CaseIndex = await followCases(world.js, world.manager, silentLog);
  const runs = new Map<string, string>();
  let stopping = false;

  // A replica that dies leaves a command unanswered; the next look finds out what became of it.
  const ask = <N extends CommandName>(name: N, request: CommandRequest<N>) =>
    requestCommand(world.nc, name, request).catch(() => undefined);

  async function byHand({ case_id, revision }: CaseState, mapping: Mapping): Promise<void> {
    await ask('mapping.put', { actor, ...mapping, reason: 'a new levy' });
    await ask('case.replay', { actor, case_id, revision, note: '' });
  }

  async function byRun({ case_id }: CaseState, mapping: Mapping): Promise<void> {
    const begun = runs.get(case_id);
    const last =
      begun === undefined ? undefined : await readLast(world.manager, streams.repairs, subjects.repairRun(begun));
    const run = last?.json<RepairRun>();
    if (run?.status === 'tried') await ask('repair.start', { actor, run_id: run.run_id, rate_per_s: 50 });
    // A run that found the case changed is over, and so is one that nobody heard of.
    if (run !== undefined && run.status !== 'done') return;
    const repair = { kind: 'mapping' as const, mapping };
    const reply = await ask('repair.try', { actor, cases: [case_id], repair, reason: 'a new levy' });
    if (reply?.ok === true && reply.run !== undefined) runs.set(case_id, reply.run.run_id);
  }

  async function look(): Promise<void> {
    for (const state of [...cases.open()]) {
      if (stopping) return;
      const { case_id, status, revision, problems } = state;
      if (status === 'awaiting_approval') await ask('case.approve', { actor: second, case_id, revision });
      const missing = problems[0]?.missing_mapping;
      if (missing === undefined || leaves(state) || !['open', 'assigned', 'fixed'].includes(status)) continue;
      const mapping = { kind: 'tax_code', system: missing.system, code: missing.code, target: 'NY-STATE' } as const;
      await (Number.parseInt(case_id.slice(0, 2), 16) % 2 === 0 ? byHand(state, mapping) : byRun(state, mapping));
    }
  }

  const working = (async () => {
    while (!stopping) {
      await look();
      await delay(LOOK_AGAIN_MS);
    }
  })();
  return {
    open: () => [...cases.open()].map(describe),
    stop: async () => {
      stopping = true;
      await working;
      cases.stop();
    },
  };
}

type Mapping = Extract<RepairRun['repair'], { kind: 'mapping' }>['mapping'];

const describe = ({ case_id, key, status, step, times_failed, problems }: CaseState) =>
  `case ${case_id} (${status}) of ${key}: ${step}, failed ${times_failed} times: ${problems.map(({ message }) => message).join('; ')}`;
