import type { Actor } from '#contracts/v1/commands.ts';
import { connectorSwitch, type ConnectorSwitch } from '#contracts/v1/connector-switch.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import { compareAndSwap, getJson, type KV } from '#platform/nats/kv.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { Refusal } from '../refusal.ts';
import { authorise, replying } from './replies.ts';

export interface ConnectorCommandsOptions {
  /** Bucket CONNECTOR_SWITCHES. */
  kv: KV;
  /** Tells this replica at once; the others hear of it by their watch. */
  learn: ConnectorSwitches['learn'];
  estate: Pick<Estate, 'systems'>;
  now: () => Date;
}

type Names = 'connector.pause' | 'connector.resume';

/** What operators decide about connectors: whether anything is sent to a system. */
export function connectorCommands(options: ConnectorCommandsOptions): Pick<CommandHandlers, Names> {
  return {
    'connector.pause': (request) => replying(() => turn(options, request, true)),
    'connector.resume': (request) => replying(() => turn(options, request, false)),
  };
}

async function turn(
  { kv, learn, estate, now }: ConnectorCommandsOptions,
  { actor, connector_id: id, reason }: { actor: Actor; connector_id: string; reason: string },
  paused: boolean,
) {
  authorise(actor, 'connectors.control');
  const system = estate.systems.find((one) => one.id === id);
  if (system === undefined) throw new Refusal('not_found', `This estate has no system ${id}.`);
  // Whoever was paused before it became observed can still be resumed.
  if (paused && system.mode === 'observe')
    throw new Refusal('refused', `${system.name} is only observed: nothing is sent to it anyway.`);
  for (;;) {
    const stored = await getJson(kv, id, connectorSwitch);
    if ((stored?.value.paused ?? false) === paused) {
      const since = paused && stored !== undefined ? `, by ${stored.value.changed_by}: “${stored.value.reason}”` : '';
      const message = paused ? `${system.name} is paused already${since}.` : `${system.name} is not paused.`;
      return { ok: true as const, ...(stored && { connector: stored.value }), message };
    }
    const changed: ConnectorSwitch = {
      id,
      paused,
      version: (stored?.value.version ?? 0) + 1,
      changed_by: actor.id,
      changed_at: now().toISOString(),
      reason,
    };
    if ((await compareAndSwap(kv, id, JSON.stringify(changed), stored?.revision ?? 0)) === undefined) continue;
    learn(changed);
    const message = paused
      ? `${system.name} is paused: nothing is sent to it, and what is meant for it waits.`
      : `${system.name} goes on with what waited.`;
    return { ok: true as const, connector: changed, message };
  }
}
