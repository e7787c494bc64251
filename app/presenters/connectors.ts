import type { ConnectorSwitch } from '#contracts/v1/connector-switch.ts';
import type { System } from '#contracts/v1/estate.ts';
import { may } from '#contracts/v1/permissions.ts';
import { nextMaintenance } from '#platform/maintenance.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { connectorCalls } from '#app/queries/connector-calls.ts';
import type { AppContext } from '#app/server/context.ts';
import { readTimeRange } from '#app/time-range.ts';
import { breakerWords, roleWords } from '#app/words/connectors.ts';
import { stepLabel } from '#app/words/steps.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { connectorRows } from './live-connectors.ts';
import { percent } from './live-tiles.ts';
import { presentWarnings } from './warnings.ts';

export interface CallFigures {
  calls: number;
  /** Share that did what was asked, per cent; empty where nothing was called. */
  success: string;
  /** Milliseconds; null where nothing was called. */
  p50: number | null;
  p95: number | null;
}

const none: CallFigures = { calls: 0, success: '', p50: null, p95: null };

interface CallRow {
  calls: number;
  succeeded: number;
  durations: readonly (number | null)[];
}
const figuresOf = ({ calls, succeeded, durations }: CallRow): CallFigures => ({
  calls,
  success: percent(succeeded / calls),
  p50: durations[0] ?? null,
  p95: durations[1] ?? null,
});

/** What people decided: it goes on, is drained, or is paused. */
const standingOf = (held: ConnectorSwitch | undefined) =>
  held?.paused === true ? 'paused' : held?.drain_to === undefined ? 'open' : 'draining';

/** What a person decided holds from that moment on, also before the engine has said so. */
function stateOf(
  row: { condition: Condition; word: string },
  held: ConnectorSwitch | undefined,
): { condition: Condition; word: string } {
  const standing = standingOf(held);
  return standing === 'open' ? { condition: row.condition, word: row.word } : breakerWords(standing);
}

/** Only whom the engine sends something can be paused. */
const canBePaused = (system: System): boolean => system.mode === 'live' && system.kind !== 'channel-api';

const worstFirst: readonly Condition[] = ['bad', 'warn', 'info', 'good', 'none'];

/** What the state of connectors is read from. */
type StateContext = Pick<AppContext, 'now' | 'estate' | 'connectors' | 'switches'>;

function lines(context: StateContext) {
  const now = context.now();
  const { estate } = context;
  const states = context.connectors.all();
  const systems = new Map(estate.systems.map((system) => [system.id, system]));
  return connectorRows(estate, states, now.getTime()).flatMap((row) => {
    const system = systems.get(row.id);
    if (system === undefined) return [];
    const held = context.switches.get(row.id);
    const maintenance = nextMaintenance(system, now, held?.windows);
    return {
      id: row.id,
      name: row.name,
      role: roleWords(row.role),
      kind: system.kind,
      known: row.known,
      ...stateOf(row, held),
      ratePerS: row.ratePerS,
      pending: row.pending,
      inFlight: row.inFlight,
      waiting: row.waiting,
      backlog: row.backlog,
      oldestAt: row.oldestAt,
      nextDueAt: row.waiting > 0 ? (states.get(row.id)?.next_due_at ?? '') : '',
      maintenance: maintenance && {
        starts: maintenance.starts.toISOString(),
        until: maintenance.until.toISOString(),
        reason: maintenance.reason,
      },
      limits: system.limits,
    };
  });
}

/** One connector as lists show it; undefined where the estate has no such system. */
export const connectorLine = (context: StateContext, id: string) => lines(context).find((one) => one.id === id);

/** Every system of the estate with what its connector does, those in trouble first. */
export async function presentConnectors(context: AppContext, viewer: Viewer, search: URLSearchParams) {
  const range = readTimeRange(search, context.now());
  const calls = await context.read(connectorCalls, { system: '', from: range.from, to: range.to });
  const totals = new Map(calls.filter(({ step }) => step === '').map((row) => [row.system, figuresOf(row)]));
  const connectors = lines(context)
    .map((line) => ({ ...line, ...(totals.get(line.id) ?? none) }))
    .sort((a, b) => worstFirst.indexOf(a.condition) - worstFirst.indexOf(b.condition) || a.name.localeCompare(b.name));
  return {
    connectors,
    warnings: presentWarnings(context, viewer),
    within: range.words,
    paused: connectors.filter(({ word }) => word === breakerWords('paused').word).length,
    open: connectors.filter(({ condition }) => condition === 'bad').length,
    backlog: connectors.reduce((sum, { backlog }) => sum + backlog, 0),
  };
}
export type ConnectorListView = Awaited<ReturnType<typeof presentConnectors>>;
export type ConnectorLine = ConnectorListView['connectors'][number];

/** Everything a connector's page shows. @throws Response 404 where the estate has no such system */
export async function presentConnector(context: AppContext, viewer: Viewer, id: string, search: URLSearchParams) {
  const system = context.estate.systems.find((one) => one.id === id);
  const line = connectorLine(context, id);
  if (system === undefined || line === undefined)
    throw new Response('This estate has no such system.', { status: 404 });
  const range = readTimeRange(search, context.now());
  const calls = await context.read(connectorCalls, { system: id, from: range.from, to: range.to });
  const total = calls.find(({ step }) => step === '');
  const held = context.switches.get(id);
  return {
    ...line,
    ...(total === undefined ? none : figuresOf(total)),
    within: range.words,
    steps: calls
      .filter(({ step }) => step !== '')
      .map((row) => ({ id: `${row.flow} ${row.step}`, step: stepLabel(row.step), ...figuresOf(row) }))
      .sort((a, b) => b.calls - a.calls),
    warnings: presentWarnings(context, viewer, id),
    degradable: system.degradable,
    retry: system.retry,
    windows: system.maintenance.map((window) => ({
      starts: window.starts,
      timeZone: window.time_zone,
      lastsMs: window.duration_s * 1000,
      reason: window.reason,
    })),
    standing: standingOf(held),
    planned: (held?.windows ?? [])
      .filter(({ until }) => until > context.now().toISOString())
      .map(({ id, from, until, reason, planned_by }) => ({ id, from, until, reason, by: planned_by })),
    switch: held && { by: held.changed_by, at: held.changed_at, reason: held.reason },
    may: { control: may(viewer.roles, 'connectors.control') && (canBePaused(system) || standingOf(held) !== 'open') },
  };
}
export type ConnectorView = Awaited<ReturnType<typeof presentConnector>>;
export type StepCalls = ConnectorView['steps'][number];
