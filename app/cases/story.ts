import type { CaseEvent } from '#contracts/v1/case.ts';
import { mappingKindInWords } from '#app/cases/causes.ts';
import { maskText } from '#app/payloads/mask.ts';
import { caseEventWords } from '#app/words/cases.ts';

/** One entry of a case's history, in words. */
export interface StoryEntry {
  id: string;
  at: string;
  /** Empty where Syncline itself did it. */
  who: string;
  did: string;
  /** What was written with it. */
  note: string;
}

export function tellStory(events: readonly CaseEvent[]): StoryEntry[] {
  return events.map((event) => ({
    id: event.event_id,
    at: event.at,
    who: event.actor === 'syncline' ? '' : event.actor,
    did: didWords(event),
    note: maskText(event.note, event.detail['mentions']?.split(' ')),
  }));
}

const lookWords = {
  viewed: 'looked at it',
  revealed: 'looked at personal data',
  exported: 'took the case file',
} as const;

/** The history with the looks people took at the case in their places, oldest first. */
export function withLooks(
  story: readonly StoryEntry[],
  looks: readonly { event_id: string; at: string; actor: string; action: keyof typeof lookWords }[],
  emails: ReadonlyMap<string, string>,
): StoryEntry[] {
  const seen = looks.map(({ event_id, at, actor, action }) => ({
    id: event_id,
    at,
    who: emails.get(actor) ?? 'Somebody who is no longer here',
    did: lookWords[action],
    note: '',
  }));
  return [...story, ...seen].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What an event did: "added a mapping: tax code TX-9 is 42 at netsuite". */
export function didWords({ type, detail }: Pick<CaseEvent, 'type' | 'detail'>): string {
  const verb = caseEventWords(type);
  switch (type) {
    case 'opened':
      return 'The case was opened';
    case 'assigned':
      return detail['assignee'] === ''
        ? 'gave it back'
        : detail['assignee']
          ? `assigned it to ${detail['assignee']}`
          : verb;
    case 'fixed':
      return detail['payload_version'] ? `${verb} (version ${detail['payload_version']})` : verb;
    case 'mapping_added':
      return `${verb}: ${mappingKindInWords(detail['kind'] ?? 'code')} ${detail['code'] ?? ''} is ${detail['target'] ?? ''} at ${detail['system'] ?? ''}`;
    case 'tagged':
      return tagWords(detail) || verb;
    case 'replay_requested':
    case 'approval_requested':
      return [
        verb,
        detail['run'] && 'with a repair of many',
        detail['override_stale'] && 'although the channel has a newer version',
      ]
        .filter(Boolean)
        .join(' ');
    case 'done_outside':
      return detail['document_number'] ? `${verb}: ${detail['document_number']}` : verb;
    default:
      return verb;
  }
}

const listed = (tags: string): string => tags.split(' ').join(', ');

const tagWords = (detail: CaseEvent['detail']): string =>
  [
    detail['added'] && `tagged it ${listed(detail['added'])}`,
    detail['removed'] && `took off the tag ${listed(detail['removed'])}`,
  ]
    .filter(Boolean)
    .join(' and ');

/** Who was first and with what, for somebody whose command came second. */
export function whoWasFirst(last: CaseEvent): string {
  return last.actor === 'syncline' ? didWords(last) : `${last.actor} ${didWords(last)}`;
}
