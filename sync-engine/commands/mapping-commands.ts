import type { CommandHandlers } from '#platform/nats/service.ts';
import type { z } from 'zod';
import type { commandRequests } from '#contracts/v1/commands.ts';
import { accepts } from '#contracts/v1/case-machine.ts';
import { mappingOwner } from '#contracts/v1/mapping.ts';
import { withAuthors } from '#contracts/v1/second-person.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { MasterData } from '../master/master-data.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface MappingCommandsOptions {
  master: Pick<MasterData, 'mapping' | 'putMapping'>;
  cases: CaseStore;
  estate: Estate;
  now: () => Date;
}

type MappingRequest = Omit<z.output<(typeof commandRequests)['mapping.put']>, 'case_id'>;

/** Adds or changes a mapping on behalf of somebody. @throws Refusal */
export async function putMapping(
  { actor, kind, system, code, target, reason, owner }: MappingRequest,
  { master, estate, now }: Omit<MappingCommandsOptions, 'cases'>,
): Promise<void> {
  authorise(actor, 'mappings.write');
  if (!estate.systems.some(({ id }) => id === system))
    throw new Refusal('invalid', `There is no system "${system}" in the estate.`, {
      fields: [{ path: '/system', message: 'not in the estate' }],
    });
  const changed = { changed_by: actor.id, changed_at: now().toISOString() };
  const before = master.mapping(kind, system, code);
  const stays = before === undefined ? actor.id : mappingOwner(before);
  await master.putMapping({ kind, system, code, target, reason, owner: owner ?? stays, ...changed });
}

/** Adds or changes a mapping, and says so on the case it was made for. */
export function mappingCommands(options: MappingCommandsOptions): Pick<CommandHandlers, 'mapping.put'> {
  const { cases } = options;
  return {
    'mapping.put': (request) =>
      replying(async () => {
        const { actor, kind, system, code, target, reason } = request;
        await putMapping(request, options);
        const message = `${code} is now ${target} for ${system}.`;
        if (request.case_id !== undefined)
          await note(request.case_id, actor.id, reason, { kind, system, code, target });
        return { ok: true, message };
      }),
  };

  async function note(caseId: string, actor: string, reason: string, detail: Record<string, string>): Promise<void> {
    for (;;) {
      const current = await cases.get(caseId);
      // A case that was closed meanwhile takes no more notes; the mapping stands.
      if (current === undefined || !accepts('mapping_added', current.state.status)) return;
      const patch = withAuthors(current.state, actor);
      if ((await cases.change(current, { type: 'mapping_added', actor, note: reason, detail, patch })) !== undefined)
        return;
    }
  }
}
