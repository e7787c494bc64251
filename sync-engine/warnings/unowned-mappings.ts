import { apiClient } from '#contracts/v1/channel-api.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { KV } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';
import type { UserStore } from '#platform/users.ts';
import type { MasterData } from '../master/master-data.ts';
import type { Evaluator } from './evaluator.ts';
import { type People, unownedMappings } from './mapping-owners.ts';

export interface UnownedMappingsOptions {
  systems: readonly System[];
  master: Pick<MasterData, 'mappings'>;
  users: Pick<UserStore, 'list'>;
  /** Bucket API_CLIENTS. */
  apiClients: KV;
}

const EVERY_MS = 600_000;

/** Mappings whose owner may no longer sign in, or never was anybody. */
export function unownedMappingsOf(options: UnownedMappingsOptions): Evaluator {
  const { systems, master } = options;
  const names = new Map(systems.map(({ id, name }) => [id, name]));
  return {
    kind: 'mapping_unowned',
    everyMs: EVERY_MS,
    async evaluate() {
      const people = await peopleOf(options);
      return {
        warnings: unownedMappings(master.mappings(), people, (id) => names.get(id) ?? id),
        unknown: [],
      };
    },
  };
}

async function peopleOf({ systems, users, apiClients }: UnownedMappingsOptions): Promise<People> {
  const enabled = (await users.list()).filter(({ disabled }) => !disabled);
  const callers = new Set(systems.map(({ id }) => id));
  for (const { id, disabled } of await valuesOf(apiClients, apiClient)) {
    if (!disabled) callers.add(id);
    // A client that is named like a system is that client.
    else callers.delete(id);
  }
  return { users: new Set(enabled.map(({ email }) => email.toLowerCase())), callers };
}
