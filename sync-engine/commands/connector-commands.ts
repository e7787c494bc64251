import { randomBytes } from 'node:crypto';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { Actor } from '#contracts/v1/commands.ts';
import { type ConnectorSwitch, type ModeDecision, MOST_WINDOWS } from '#contracts/v1/connector-switch.ts';
import type { Estate, System, SystemMode } from '#contracts/v1/estate.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import { Refusal } from '../refusal.ts';
import type { ConnectorDecisions } from '../work/connector-decisions.ts';
import { authorise, replying } from './replies.ts';

export interface ConnectorCommandsOptions {
  decisions: ConnectorDecisions;
  manager: JetStreamManager;
  /** The estate as it stands. */
  estate: () => Pick<Estate, 'systems'>;
  now: () => Date;
}

type Names =
  | 'connector.pause'
  | 'connector.resume'
  | 'connector.drain'
  | 'connector.plan_maintenance'
  | 'connector.cancel_maintenance'
  | 'connector.go_live'
  | 'connector.observe';

interface Asked {
  actor: Actor;
  connector_id: string;
  reason: string;
}

/** What operators decide about connectors: whether anything is sent to a system, whether for good, and when it is not. */
export function connectorCommands(options: ConnectorCommandsOptions): Pick<CommandHandlers, Names> {
  return {
    'connector.pause': (request) => replying(() => pause(options, request)),
    'connector.resume': (request) => replying(() => resume(options, request)),
    'connector.drain': (request) => replying(() => drain(options, request)),
    'connector.plan_maintenance': (request) => replying(() => plan(options, request)),
    'connector.cancel_maintenance': (request) => replying(() => cancel(options, request)),
    'connector.go_live': (request) => replying(() => goLive(options, request)),
    'connector.observe': (request) => replying(() => observe(options, request)),
  };
}

function systemOf({ estate }: ConnectorCommandsOptions, actor: Actor, id: string): System {
  authorise(actor, 'connectors.control');
  const system = estate().systems.find((one) => one.id === id);
  if (system === undefined) throw new Refusal('not_found', `This estate has no system ${id}.`);
  return system;
}

const refuseObserved = ({ mode, name }: System): void => {
  if (mode === 'observe') throw new Refusal('refused', `${name} is only observed: nothing is sent to it anyway.`);
};

/** What a pause, a drain or a resumption leaves as it is. */
const rest = (before: ConnectorSwitch | undefined) => ({
  windows: before?.windows ?? [],
  ...(before?.mode && { mode: before.mode }),
});

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
    before?.paused === true ? 'nothing' : { paused: true, ...rest(before), ...by(asked, options.now) },
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
      : { paused: false, ...rest(before), ...by(asked, options.now) },
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
      : { paused: false, drain_to, ...rest(before), ...by(asked, options.now) },
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

async function goLive(options: ConnectorCommandsOptions, asked: Asked & { passed_over?: number | undefined }) {
  const system = systemOf(options, asked.actor, asked.connector_id);
  const { passed_over } = asked;
  const stands = await turn(options, system, asked, 'live', passed_over === undefined ? {} : { passed_over });
  if (stands === undefined) return answer(undefined, `${system.name} is live already.`);
  const held = stands.paused ? ` It is paused all the same, by ${stands.changed_by}: resume it.` : '';
  const past = 'What was passed over while it was observed is not sent, nor is anything else of those transactions.';
  return answer(stands, `${system.name} is live: from now on it is sent what is meant for it. ${past}${held}`);
}

async function observe(options: ConnectorCommandsOptions, asked: Asked) {
  const system = systemOf(options, asked.actor, asked.connector_id);
  const stands = await turn(options, system, asked, 'observe');
  if (stands === undefined) return answer(undefined, `${system.name} is only observed already.`);
  const waiting = 'What waits for it is passed over too.';
  return answer(stands, `${system.name} is only observed: nothing is sent to it from now on. ${waiting}`);
}

/** @returns the switch, undefined where the system is in this mode already. */
async function turn(
  options: ConnectorCommandsOptions,
  system: System,
  asked: Asked,
  mode: SystemMode,
  told: Pick<ModeDecision, 'passed_over'> = {},
): Promise<ConnectorSwitch | undefined> {
  const { stands, changed } = await options.decisions.take(system.id, (before) => {
    if ((before?.mode?.mode ?? system.mode) === mode) return 'nothing';
    const windows = before?.windows ?? [];
    return { ...kept(before, asked, options.now), windows, mode: { mode, ...told, ...by(asked, options.now) } };
  });
  return changed ? stands : undefined;
}

/** How it stands, where only its windows or its mode change. */
const kept = (before: ConnectorSwitch | undefined, asked: Asked, now: () => Date) =>
  before ?? { paused: false, ...by({ ...asked, reason: '' }, now) };
