import { breakerWords } from '#app/words/connectors.ts';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import type { Estate, System } from '#contracts/v1/estate.ts';
import { figures } from '#app/figures.ts';
import { formatNumber, formatRough } from '#app/format.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import type { TileView } from './live-tiles.ts';

export interface ConnectorRow {
  id: string;
  name: string;
  role: System['role'];
  /** The engine has said something about it within the last minute. */
  known: boolean;
  condition: Condition;
  word: string;
  pending: number;
  inFlight: number;
  waiting: number;
  backlog: number;
  oldestAt: string;
  ratePerS: number;
}

/** A state the engine has not renewed for this long says nothing any more. */
const staleAfterMs = 60_000;

/** Every system of the estate with what its connector last said; silence is shown as such. */
export function connectorRows(
  estate: Estate,
  states: ReadonlyMap<string, ConnectorState>,
  now: number,
): ConnectorRow[] {
  return estate.systems.map((system) => {
    const state = states.get(system.id);
    const known = state !== undefined && now - Date.parse(state.updated_at) < staleAfterMs;
    const observed = system.mode === 'observe';
    return {
      id: system.id,
      name: system.name,
      role: system.role,
      known,
      ...(observed
        ? ({ condition: 'info', word: 'observed only' } as const)
        : known
          ? breakerWords(state.state)
          : system.kind === 'channel-api'
            ? callsUs
            : silent),
      pending: state?.pending ?? 0,
      inFlight: state?.in_flight ?? 0,
      waiting: state?.waiting ?? 0,
      backlog: state ? state.pending + state.in_flight + state.waiting : 0,
      oldestAt: state?.oldest_at ?? '',
      ratePerS: known ? state.rate_per_s : 0,
    };
  });
}

const silent = { condition: 'none', word: 'not heard of' } as const;
/** A channel on Syncline's own API is called by nobody: it has no queue that could be silent. */
const callsUs = { condition: 'none', word: 'calls us' } as const;

export function backlogTile(rows: readonly ConnectorRow[], now: number): TileView {
  const total = rows.reduce((sum, row) => sum + row.backlog, 0);
  const held = rows.filter((row) => row.condition === 'bad');
  const hampered = rows.filter((row) => row.condition === 'warn' || row.condition === 'info');
  const largest = [...rows].sort((a, b) => b.backlog - a.backlog)[0];
  const oldest = rows
    .map((row) => row.oldestAt)
    .filter((at) => at !== '')
    .sort()[0];
  const known = rows.some((row) => row.known);
  return {
    id: 'backlog',
    figure: figures.backlog,
    value: known ? formatNumber(total) : '–',
    unit: 'messages',
    change: undefined,
    target: '',
    condition: !known ? 'none' : held.length > 0 ? 'bad' : hampered.length > 0 ? 'warn' : 'good',
    word: !known
      ? 'engine not heard of'
      : held.length > 0
        ? `${held.length} ${held.length === 1 ? 'breaker' : 'breakers'} open`
        : hampered.length > 0
          ? `${hampered.length} held back`
          : 'flowing',
    beside: !known
      ? []
      : [
          ...(largest && largest.backlog > 0
            ? [{ text: `most at ${largest.name}: ${formatNumber(largest.backlog)}`, condition: 'none' as const }]
            : []),
          ...(oldest
            ? [{ text: `oldest ${formatRough(Math.max(0, now - Date.parse(oldest)))}`, condition: 'none' as const }]
            : []),
        ],
    spark: undefined,
    to: '#backlog',
  };
}
