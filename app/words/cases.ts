import type { CaseEvent, CaseStatus } from '#contracts/v1/case.ts';
import type { Condition } from '#app/components/status-mark.tsx';

const statuses: Record<CaseStatus, { word: string; condition: Condition }> = {
  open: { word: 'open', condition: 'bad' },
  assigned: { word: 'assigned', condition: 'warn' },
  fixed: { word: 'fixed, not replayed', condition: 'warn' },
  awaiting_approval: { word: 'awaits approval', condition: 'warn' },
  replaying: { word: 'replaying', condition: 'info' },
  resolved: { word: 'resolved', condition: 'good' },
  on_hold: { word: 'on hold', condition: 'warn' },
  done_outside: { word: 'done outside', condition: 'good' },
  discarded: { word: 'discarded', condition: 'none' },
};

/** A case's status by word and shape. */
export const caseStatusWords = (status: CaseStatus) => statuses[status];

const events: Record<CaseEvent['type'], string> = {
  opened: 'opened the case',
  assigned: 'assigned it',
  fixed: 'corrected the payload',
  mapping_added: 'added a mapping',
  dry_run: 'tried it in a dry run',
  replay_requested: 'asked for a replay',
  failed_again: 'It failed again',
  resolved: 'The order went on',
  held: 'put it on hold',
  released: 'released it',
  done_outside: 'said it is done outside',
  discarded: 'discarded it',
  restored: 'restored it',
  commented: 'wrote',
  revealed: 'looked at personal data',
  tagged: 'changed the tags',
  approval_requested: 'asked a second person to approve the replay',
  approved: 'approved the replay',
  declined: 'declined the replay',
};

/** What happened, as the words after a name. */
export const caseEventWords = (type: CaseEvent['type']): string => events[type];
