import type { StepRow } from '#app/presenters/order-detail.ts';
import type { Lifecycle } from '#contracts/v1/order.ts';
import type { EstateNames } from '#app/words/names.ts';

export interface RerouteChoices {
  /** Where it lies now; to be chosen where there are several. */
  from: { value: string; label: string }[];
  to: { value: string; label: string }[];
}

const MOVABLE: readonly Lifecycle[] = ['pending_validation', 'allocated', 'released_to_warehouse', 'partially_shipped'];

/** Between which locations an order may be moved; the engine has the last word. Undefined once it has shipped. */
export function rerouteChoices(
  { lifecycle, is_open }: { lifecycle: Lifecycle; is_open: boolean },
  steps: readonly StepRow[],
  names: EstateNames,
): RerouteChoices | undefined {
  const asked = steps.some(({ step }) => step === 'reserve_stock');
  if (!is_open || !asked || !MOVABLE.includes(lifecycle)) return undefined;
  const released = steps.filter(({ step, status }) => step === 'wms_release' && status === 'completed');
  const places = [...new Set(released.map(({ location }) => location))].filter((id) => id !== '');
  const choice = (id: string) => ({ value: id, label: names.locations[id] ?? id });
  return { from: places.map(choice), to: Object.keys(names.locations).map(choice) };
}
