import type { Condition } from '#app/components/status-mark.tsx';
import { type Facet, facetWords, type State, stateWords } from '#app/transactions/attributes.ts';
import { type EstateNames, systemName } from './names.ts';
import { stepLabel } from './steps.ts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A value of a facet in words. */
export function facetValue(facet: Facet, value: string, names: EstateNames): string {
  if (facet === 'system') return systemName(names, value);
  if (value === '') return 'none';
  switch (facet) {
    case 'state':
      return stateWords[value as State].word;
    case 'channel':
      return names.channels[value]?.name ?? value;
    case 'entity':
      return names.entities[value] ?? value;
    case 'location':
      return names.locations[value] ?? value;
    case 'step':
      return stepLabel(value);
    case 'attempts':
      return value === 'several' ? 'More than one at a step' : 'One at each step';
    case 'error':
    case 'origin':
    case 'tier':
      return capital(value);
    case 'region':
    case 'brand':
    case 'code':
    case 'sku':
      return value;
  }
}

/** "Channel: Web US", "not Channel: Web US" */
export const facetChip = (facet: Facet, value: string, names: EstateNames, without: boolean): string =>
  `${without ? 'Not ' : ''}${facetWords[facet]}: ${facetValue(facet, value, names)}`;

interface Standing {
  is_open: boolean;
  is_late: boolean;
  is_stuck: boolean;
  status: string;
  case_id: string;
}

/** Where a transaction stands, by word and shape. */
export function standingOf(one: Standing): { condition: Condition; word: string } {
  if (!one.is_open) return { condition: 'good', word: 'finished' };
  if (one.status === 'quarantined') return { condition: 'bad', word: 'in quarantine' };
  if (one.status === 'failed') return { condition: 'bad', word: 'failed' };
  if (one.is_late) return { condition: 'bad', word: 'late' };
  if (one.is_stuck) return { condition: 'bad', word: 'stuck' };
  return one.status === 'retrying' ? { condition: 'warn', word: 'tried again' } : { condition: 'info', word: 'open' };
}
