import type { StepRow } from '#app/presenters/order-detail.ts';
import { maskText } from '#app/payloads/mask.ts';
import { inWords, type EstateNames } from '#app/words/names.ts';

export interface Reservation {
  at: string;
  location: string;
  units: string;
  /** "12 units set aside", "given back", "not enough stock" */
  word: string;
  condition: 'good' | 'bad' | 'none' | 'info';
  message: string;
}

/** What was set aside for an order, where, and what was given back. */
export function presentReservations(steps: readonly StepRow[], names: EstateNames): Reservation[] {
  return steps
    .filter(
      (step) =>
        ['reserve_stock', 'reallocate'].includes(step.step) &&
        ['completed', 'compensated', 'quarantined', 'skipped'].includes(step.status),
    )
    .map((step) => {
      const kind = {
        completed: { word: 'set aside', condition: 'good' as const },
        compensated: { word: 'given back', condition: 'none' as const },
        quarantined: { word: 'not enough stock', condition: 'bad' as const },
      }[step.status as string] ?? { word: 'nothing to set aside', condition: 'none' as const };
      return {
        at: step.ended_at || step.started_at,
        location: (step.attributes['locations'] ?? step.location)
          .split(', ')
          .map((id) => names.locations[id] ?? id)
          .join(', '),
        units: step.attributes['units'] ?? '',
        ...kind,
        message: inWords(maskText(step.error_message || (step.attributes['reason'] ?? '')), names),
      };
    });
}
