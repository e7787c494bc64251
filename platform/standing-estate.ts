import { standing } from '#contracts/v1/connector-switch.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ConnectorSwitches } from './connector-switches.ts';

/** The estate as it stands: with the modes that people have decided since its file was read. */
export interface StandingEstate {
  /** The same value until somebody decides otherwise. */
  now: () => Estate;
  /** Told after a mode has changed. */
  onChange(listener: () => void): void;
}

/** @param switches - what people decided; without them the estate stands as its file says */
export function standEstate(estate: Estate, switches?: Pick<ConnectorSwitches, 'get' | 'onChange'>): StandingEstate {
  const look = () => standing(estate, (id) => switches?.get(id));
  const listeners = new Set<() => void>();
  let present = look();
  switches?.onChange(() => {
    const next = look();
    if (modesOf(next) === modesOf(present)) return;
    present = next;
    for (const listener of listeners) listener();
  });
  return { now: () => present, onChange: (listener) => void listeners.add(listener) };
}

const modesOf = ({ systems }: Estate): string => systems.map(({ mode }) => mode).join();
