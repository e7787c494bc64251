import { randomBytes } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { Actor } from '#contracts/v1/commands.ts';
import { type ConnectorSwitch, MOST_WINDOWS } from '#contracts/v1/connector-switch.ts';
import type { Estate, System } from '#contracts/v1/estate.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { Refusal } from '../refusal.ts';
import type { ConnectorDecisions } from '../work/connector-decisions.ts';
import { authorise, replying } from './replies.ts';

export interface ConnectorCommandsOptions {
  decisions: ConnectorDecisions;
  manager: JetStreamManager;
  estate: Pick<Estate, 'systems'>;
  now: () => Date;
}

type Names =
  | 'connector.pause'
  | 'connector.resume'
  | 'connector.drain'
  | 'connector.plan_maintenance'
  | 'connector.cancel_maintenance';

interface Asked {
  actor: Actor;
  connector_id: string;
  reason: string;
}

/** What operators decide about connectors: whether anything is sent to a system, and when it is not. */
export function connectorCommands(options: ConnectorCommandsOptions): Pick<CommandHandlers, Names> {
  return {
    'connector.pause': (request) => replying(() => pause(options, request)),
    'connector.resume': (request) => replying(() => resume(options, request)),
    'connector.drain': (request) => replying(() => drain(options, request)),
    'connector.plan_maintenance': (request) => replying(() => plan(options, request)),
    'connector.cancel_maintenance': (request) => replying(() => cancel(options, request)),
  };
}

function systemOf({ estate }: ConnectorCommandsOptions, actor: Actor, id: string): System {
  authorise(actor, 'connectors.control');
  const system = estate.systems.find((one) => one.id === id);
  if (system === undefined) throw new Refusal('not_found', `This estate has no system ${id}.`);
  return system;
}

const refuseObserved = ({ mode, name }: System): void => {
  if (mode === 'observe') throw new Refusal('refused', `${name} is only observed: nothing is sent to it anyway.`);
};

const by = ({ actor, reason }: Asked, now: () => Date) => ({
  changed_by: actor.id,
  changed_at: now().toISOString(),
  reason,
});

const answer = (stands: ConnectorSwitch | undefined, message: string) => ({
  ok: true as const,
  ...(stands && { connector: stands }),
  message,
});

async function pause(options: ConnectorCommandsOptions, asked: Asked) {
  const system = systemOf(options, asked.actor, asked.connector_id);
  refuseObserved(system);
  const { stands, changed } = await options.decisions.take(system.id, (before) =>
    before?.paused === true ? 'nothing' : { paused: true, windows: before?.windows ?? [], ...by(asked, options.now) },
  );
  return answer(
    stands,
    changed
      ? `${system.name} is paused: nothing is sent to it, and what is meant for it waits.`
      : `${system.name} is paused already, by ${stands?.changed_by ?? ''}: “${stands?.reason ?? ''}”.`,
  );
}

async function resume(options: ConnectorCommandsOptions, asked: Asked) {
  // Whoever was paused before it became observed can still be resumed.
  const system = systemOf(options, asked.actor, asked.connector_id);
  const { stands, changed } = await options.decisions.take(system.id, (before) =>
    before === undefined || (!before.paused && before.drain_to === undefined)
      ? 'nothing'
      : { paused: false, windows: before.windows, ...by(asked, options.now) },
  );
  return answer(
    stands,
    changed ? `${system.name} goes on with what waited.` : `${system.name} is neither paused nor draining.`,
  );
}

async function drain(options: ConnectorCommandsOptions, asked: Asked) {
  const system = systemOf(options, asked.actor, asked.connector_id);
  refuseObserved(system);
  // What is on any queue now lies at or before it.
  const drain_to = (await options.manager.streams.info(streams.work)).state.last_seq;
  const { stands, changed } = await options.decisions.take(system.id, (before) =>
    before?.paused === true || before?.drain_to !== undefined
      ? 'nothing'
      : { paused: false, drain_to, windows: before?.windows ?? [], ...by(asked, options.now) },
  );
  if (changed)
    return answer(stands, `${system.name} drains: what is on its queue is sent, then it is paused; what comes waits.`);
  return answer(stands, `${system.name} ${stands?.paused === true ? 'is paused' : 'drains'} already.`);
}

async function plan(options: ConnectorCommandsOptions, asked: Asked & { from: string; until: string }) {
  const system = systemOf(options, asked.actor, asked.connector_id);
  refuseObserved(system);
  const { from, until, reason, actor } = asked;
  const now = options.now().toISOString();
  if (!(from < until)) throw new Refusal('invalid', 'A maintenance window ends after it begins: check from and until.');
  if (until <= now) throw new Refusal('invalid', 'This maintenance window is over already: check until.');
  const id = randomBytes(4).toString('hex');
  const { stands } = await options.decisions.take(system.id, (before) => {
    const ahead = (before?.windows ?? []).filter((one) => one.until > now);
    if (ahead.length >= MOST_WINDOWS)
      throw new Refusal('refused', `${system.name} has ${MOST_WINDOWS} windows planned: cancel one first.`);
    return {
      ...kept(before, asked, options.now),
      windows: [...ahead, { id, from, until, reason, planned_by: actor.id }],
    };
  });
  return answer(stands, `Nothing is sent to ${system.name} from ${from} until ${until}.`);
}

async function cancel(
  options: ConnectorCommandsOptions,
  { actor, connector_id, window_id }: { actor: Actor; connector_id: string; window_id: string },
) {
  const system = systemOf(options, actor, connector_id);
  const { stands, changed } = await options.decisions.take(system.id, (before) =>
    before?.windows.some(({ id }) => id === window_id) === true
      ? { ...before, windows: before.windows.filter(({ id }) => id !== window_id) }
      : 'nothing',
  );
  return answer(
    stands,
    changed ? `The window of ${system.name} is cancelled.` : 'This window is not planned any more.',
  );
}

/** How it stands, where only its windows change. */
const kept = (before: ConnectorSwitch | undefined, asked: Asked, now: () => Date) =>
  before ?? { paused: false, ...by({ ...asked, reason: '' }, now) };
