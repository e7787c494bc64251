import { setTimeout as delay } from 'node:timers/promises';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import { silentLog } from '#platform/log.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { CaseState } from '#contracts/v1/case.ts';
import { type CaseIndex, followCases } from '#sync-engine/cases/case-index.ts';
import type { World } from './world.ts';

const actor = { id: 'clerk', roles: ['administrator' as const] };
const LOOK_AGAIN_MS = 500;

export interface Clerk {
  /** The cases nobody has closed, each with its problem. */
  open(): string[];
  stop(): Promise<void>;
}

/** The person who adds missing mappings and replays, through the commands and as often as it takes. */
export async function startClerk(world: World): Promise<Clerk> {
  const cases: CaseIndex = await followCases(world.js, silentLog);
  let stopping = false;

  // A replica that dies leaves a command unanswered; the next look finds out what became of it.
  const ask = <N extends CommandName>(name: N, request: CommandRequest<N>) =>
    requestCommand(world.nc, name, request).catch(() => undefined);

  async function look(): Promise<void> {
    for (const { case_id, status, revision, problems } of [...cases.open()]) {
      const missing = problems[0]?.missing_mapping;
      if (missing === undefined || stopping) continue;
      if (status === 'open' || status === 'assigned' || status === 'fixed') {
        await ask('mapping.put', {
          actor,
          kind: 'tax_code',
          system: missing.system,
          code: missing.code,
          target: 'NY-STATE',
          reason: 'a new levy',
        });
        await ask('case.replay', { actor, case_id, revision, note: '' });
      }
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

const describe = ({ case_id, key, status, step, times_failed, problems }: CaseState) =>
  `case ${case_id} (${status}) of ${key}: ${step}, failed ${times_failed} times: ${problems.map(({ message }) => message).join('; ')}`;
