import type { WarningKind, WarningSeverity } from '#contracts/v1/warning.ts';
import { formatNumber } from '#app/format.ts';
import type { StateWords } from './repairs.ts';

const kinds: Record<WarningKind, { name: string; definition: string }> = {
  feed_silent: {
    name: 'Feed gone silent',
    definition:
      'A system has brought nothing of a kind for so long that, at its usual pace of this hour of the week, at least 10 minutes that bring something are missing; 30 where that hour is not known yet. Not while it is paused or under maintenance.',
  },
  subscription_dropped: {
    name: 'Webhook dropped',
    definition:
      'A system that can be asked which webhooks it sends does not list one that Syncline needs. Asked every ten minutes.',
  },
  limit_near: {
    name: 'Limit nearly used',
    definition:
      'Calls to a system over the last minute came to nine tenths of the rate that the estate declares, or the streams of NATS to four fifths of the storage that its account may take.',
  },
  credential_expiring: {
    name: 'Ends soon',
    definition:
      'A credential whose end the estate file says, or the certificate that a system shows, ends within 30 days or has ended. Looked at every six hours.',
  },
  mapping_unowned: {
    name: 'Mapping without an owner',
    definition:
      'The owner of a mapping, or where none is named who changed it last, is neither a user who may sign in nor an API client that may call.',
  },
};

/** What a kind of warning is called, and when it is given. */
export const warningKindWords = (kind: WarningKind): { name: string; definition: string } => kinds[kind];

const severities: Record<WarningSeverity, StateWords> = {
  bad: { condition: 'bad', word: 'now' },
  warn: { condition: 'warn', word: 'before long' },
};

/** How pressing a warning is, by word and shape. */
export const severityWords = (severity: WarningSeverity): StateWords => severities[severity];

/** Of how many kinds the latest evaluation is known and in time. */
export type Evaluated = 'none' | 'some' | 'all';

/** How many warnings hold, in words; that none does is said only where all kinds were evaluated. */
export function warningCountWords(count: number, evaluated: Evaluated): string {
  if (count > 0) return `${formatNumber(count)} ${count === 1 ? 'warning' : 'warnings'}`;
  return { none: 'warnings not evaluated', some: 'warnings partly evaluated', all: 'no warnings' }[evaluated];
}
