import type { System } from '#contracts/v1/estate.ts';
import type { View } from './flow.ts';

type Looking = Pick<View<unknown>, 'estate' | 'state'>;

/**
 * Why nothing of a transaction is sent to a system, undefined where it is. Whoever did its first call while the system was
 * only observed does the others too: half an order in an ERP is worse than none.
 */
export function whyPassedOver({ estate, state }: Looking, id: string): string | undefined {
  const system = estate.systems.find((one) => one.id === id);
  if (system?.mode === 'observe') return `${system.name} is only observed; nothing is sent to it`;
  if (state.passed_over?.includes(id) !== true) return undefined;
  return `${nameOf(system, id)} was only observed when this began; whoever did it then does the rest of it too`;
}

const nameOf = (system: System | undefined, id: string): string => system?.name ?? id;
