import { DeliverPolicy, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { type Flow, stepEvent, type StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { Decimal } from '../../money.ts';
import type { Line, Subject } from './compare.ts';

/** Flows that move money or post documents. */
const flows: readonly Flow[] = ['order_to_cash', 'return_to_refund', 'store_settlement', 'marketplace_settlement'];
/** What a posting's document is in a reconciliation; a sales order moves no money. */
const subjectOfDocument: Readonly<Record<string, Subject>> = {
  payment: 'capture',
  refund: 'refund',
  invoice: 'invoice',
  credit_memo: 'credit_memo',
  journal: 'journal',
};

/** Every posting's event says so in these bytes; the rest of a day's events need not be parsed. */
const POSTED = Buffer.from('"posting_key"');

/** One thing that was done to money, of whichever kind the event says; undefined where it says none. */
export function lineOf(event: StepEvent): Line | undefined {
  const { attributes } = event;
  const subject = subjectOfDocument[attributes['document'] ?? ''];
  const postingKey = attributes['posting_key'] ?? '';
  if (subject === undefined || postingKey === '' || event.status !== 'completed') return undefined;
  const number = attributes['document_number'] ?? '';
  const paid = subject === 'capture' || subject === 'refund';
  return {
    subject,
    system: event.system,
    // A payment goes by the number its system gave it, a document by the key it was posted under.
    reference: paid ? number : postingKey,
    at: event.ended_at,
    amount: event.amount === '' ? '' : new Decimal(event.amount).abs().toFixed(),
    currency: event.currency,
    channel: event.channel,
    method: attributes['payment_method'] ?? '',
    legal_entity: event.legal_entity,
    business_key: event.business_key,
    key: event.key,
    references: [postingKey, number].filter((one) => one !== ''),
  };
}

/**
 * What the transactions say was captured, refunded and posted since a moment, up to now. Read from the events
 * themselves, each posting once.
 */
export async function readLedger(
  js: JetStreamClient,
  manager: JetStreamManager,
  since: Date,
  signal: AbortSignal,
): Promise<Line[]> {
  const lines = new Map<string, Line>();
  const end = (await readLast(manager, streams.steps, subjects.allSteps))?.seq ?? 0;
  const consumer = await js.consumers.get(streams.steps, {
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: since.toISOString(),
    filter_subjects: flows.map((flow) => `steps.*.${flow}.>`),
  });
  if ((await consumer.info()).num_pending === 0) return [];
  const messages = await consumer.consume({ max_messages: 1_000 });
  const stop = () => messages.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const message of messages) {
      const data = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength);
      if (data.includes(POSTED)) {
        const parsed = stepEvent.safeParse(message.json());
        const line = parsed.success ? lineOf(parsed.data) : undefined;
        if (line !== undefined) lines.set(`${line.subject} ${line.references[0]}`, line);
      }
      if (message.info.pending === 0 || message.seq >= end) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    messages.stop();
  }
  signal.throwIfAborted();
  return [...lines.values()];
}
