import type { Estate } from '#contracts/v1/estate.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { transmissionState } from './stores.ts';

export interface StoresInState {
  word: string;
  condition: Condition;
  stores: number;
  /** The list of exactly these. */
  to: string;
}

interface Heard {
  store: string;
  last_at: string;
  backlog: number;
}

const worstFirst: readonly Condition[] = ['bad', 'warn', 'none', 'good', 'info'];

/** How many stores of the estate transmit as they should, and how many do not; those in trouble first. Pure. */
export function storesTransmitting(
  locations: Estate['locations'],
  heard: readonly Heard[],
  { now, silentAfterMs }: { now: number; silentAfterMs: number },
): StoresInState[] {
  const last = new Map(heard.map((one) => [one.store, one]));
  const states = new Map<string, StoresInState>();
  for (const { id, kind } of locations) {
    if (kind !== 'store') continue;
    const of = last.get(id);
    const state = transmissionState(of?.last_at, of?.backlog ?? 0, now, silentAfterMs);
    const counted = states.get(state.word);
    if (counted === undefined)
      states.set(state.word, { ...state, stores: 1, to: `/stores?state=${encodeURIComponent(state.word)}` });
    else counted.stores += 1;
  }
  return [...states.values()].sort((a, b) => worstFirst.indexOf(a.condition) - worstFirst.indexOf(b.condition));
}
