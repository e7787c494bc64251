import { postingDocument, type Posting } from '#contracts/v1/posting.ts';
import type { StepEvent, StepStatus } from '#contracts/v1/step-event.ts';

/** What was, is being or could not be posted for an order, from its step events in stream order. */
export function orderPostings(events: readonly StepEvent[]): Posting[] {
  const attempts = new Map<string, StepEvent[]>();
  for (const event of events) {
    if (!postingDocument.safeParse(event.attributes['document']).success) continue;
    const key = event.attributes['posting_key'] ?? `${event.key}:${event.step}`;
    attempts.set(key, [...(attempts.get(key) ?? []), event]);
  }
  return [...attempts].flatMap(([key, history]) => postingOf(key, history) ?? []);
}

function postingOf(posting_key: string, history: readonly StepEvent[]): Posting | undefined {
  const last = history.at(-1);
  if (last === undefined) return undefined;
  const number = history.findLast((event) => (event.attributes['document_number'] ?? '') !== '')?.attributes[
    'document_number'
  ];
  return {
    schema_version: 1,
    posting_key,
    system: last.system,
    document: postingDocument.parse(last.attributes['document']),
    legal_entity: last.legal_entity,
    order_key: last.key,
    amount: last.amount === '' ? '0' : last.amount,
    currency: last.currency,
    status: statusOf(last.status),
    ...(number === undefined ? {} : { document_number: number }),
    attempts: Math.max(...history.map((event) => event.attempt)),
    ...(last.error_message === '' ? {} : { error_message: last.error_message }),
    updated_at: last.ended_at === '' ? last.started_at : last.ended_at,
  };
}

function statusOf(status: StepStatus): Posting['status'] {
  switch (status) {
    case 'completed':
    case 'skipped':
    case 'degraded':
      return 'posted';
    case 'failed':
    case 'quarantined':
      return 'failed';
    case 'compensated':
      return 'cancelled';
    case 'started':
    case 'retrying':
    case 'replayed':
    case 'superseded':
      return 'pending';
  }
}
