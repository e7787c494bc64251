import type { RejectedRow } from '#app/queries/rejected.ts';

/** Ways by which events come, in words. */
const streamWords: Record<string, string> = {
  STEPS: 'Steps',
  OTLP: 'Spans (OTLP)',
  CASES: 'Cases',
  REPAIRS: 'Outcomes of repairs',
  DELIVERIES: 'Webhook deliveries',
  RECONCILIATION: 'Reconciliation',
  AUDIT: 'Audit',
};
export const streamWord = (stream: string): string => streamWords[stream] ?? stream;

/** `/attributes/sku` as `attributes.sku`; what is wrong as a whole has no field. */
export const fieldWord = (path: string): string =>
  path === '' ? 'the whole event' : path.slice(1).replaceAll('/', '.');

type Rejected = Pick<RejectedRow, 'stream' | 'path' | 'reason'>;

/** What to do about a rejected event, so that it is counted after all or comes no more. */
export function remedyOf(rejected: Rejected): string {
  return rejected.stream === 'OTLP' ? spanRemedy(rejected) : eventRemedy(rejected);
}

function spanRemedy({ reason }: Rejected): string {
  if (reason.includes('carried by the sync engine'))
    return 'Syncline carries this transaction itself and tells of it. Let the collector leave such spans out.';
  if (reason.includes('another producer'))
    return 'Another producer tells of this transaction. Decide which of the two does; its steps must come from one.';
  if (reason.includes('the only system that this API key may tell of'))
    return 'Send the span with an API key of its own system: npx syncline api-clients add … --system <system> --scope steps.write.';
  return 'Correct it at the sender and send the span again: it is recognised by its id and lands once. docs/import.md says what each attribute must be.';
}

function eventRemedy({ path, reason }: Rejected): string {
  const again = 'Nothing has to be replayed: publish it again, corrected, behind the last event of its subject.';
  if (reason.startsWith('ClickHouse cannot read it'))
    return `The text names a field twice or holds half a character. Correct the producer. ${again}`;
  if (/^is not (JSON|UTF-8)/.test(reason))
    return `Whatever was published is no event. Find who publishes to this subject, and take the right from whom it is not meant for. ${again}`;
  if (reason.includes('does not belong to the subject'))
    return `Publish each event to the subject of its own flow and key (contracts/v1/subjects.ts). ${again}`;
  if (/lies (more than a day ahead|before the year 2000)|ended before it started|plausible date/.test(reason))
    return `Look at the clock and the time zone of the producer. ${again}`;
  if (reason.includes('a name that is reserved')) return `Leave out the names that ingest gives itself. ${again}`;
  const what = path === '' ? 'the event' : path.slice(1).replaceAll('/', '.');
  return `Correct ${what} at the producer, as contracts/schemas/v1 asks for it; where that is an engine, run engine and ingest in one version. ${again}`;
}
