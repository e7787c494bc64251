import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { isOutsideWriter } from '#contracts/v1/outside-writer.ts';
import { type Flow, stepEvent, type StepEvent } from '#contracts/v1/step-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { readFrom } from '#platform/nats/read-from.ts';
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

/** Every event that moves money says so in these bytes; the rest of a day's events need not be parsed. */
const MARKS = ['"posting_key"', '"taken_reference"', '"given_reference"'].map((mark) => Buffer.from(mark));

/** One thing that the engine did to money, of whichever kind the event says; undefined where it says none. */
export function lineOf(event: StepEvent): Line | undefined {
  if (event.status !== 'completed' || isOutsideWriter(event.writer)) return undefined;
  const { attributes } = event;
  const line = {
    at: event.ended_at,
    currency: event.currency,
    channel: event.channel,
    method: attributes['payment_method'] ?? '',
    legal_entity: event.legal_entity,
    business_key: event.business_key,
    key: event.key,
  };
  const { taken_by, taken_reference, taken_amount = '' } = attributes;
  if (taken_by !== undefined && taken_reference !== undefined) {
    const known = { subject: 'capture' as const, system: taken_by, reference: taken_reference, amount: taken_amount };
    return { ...line, ...known, references: [taken_reference] };
  }
  const settled = attributes['settled_references']?.split(' ').filter((one) => one !== '');
  const aliases = settled === undefined ? {} : { aliases: settled };
  const { given_by, given_reference, settled_amount } = attributes;
  if (given_by !== undefined && given_reference !== undefined) {
    const known = { subject: 'refund' as const, system: given_by, reference: given_reference };
    return { ...line, ...known, ...aliases, amount: settled_amount ?? '', references: [given_reference] };
  }
  const subject = subjectOfDocument[attributes['document'] ?? ''];
  const postingKey = attributes['posting_key'] ?? '';
  if (subject === undefined || postingKey === '') return undefined;
  const number = attributes['document_number'] ?? '';
  // Given back onto a gift card: no balance of a payment system moved.
  if (settled?.length === 0) return undefined;
  const amount = settled_amount ?? event.amount;
  const paid = subject === 'capture' || subject === 'refund';
  return {
    ...line,
    subject,
    system: event.system,
    // A payment goes by the number its system gave it, a document by the key it was posted under.
    reference: paid ? number : postingKey,
    amount: amount === '' ? '' : new Decimal(amount).abs().toFixed(),
    references: [postingKey, number].filter((one) => one !== ''),
    ...aliases,
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
  // A consumer of an older server takes one filter.
  for (const flow of flows) await readFlow(flow, { js, manager, since, signal }, lines);
  return [...lines.values()];
}

interface Reading {
  js: JetStreamClient;
  manager: JetStreamManager;
  since: Date;
  signal: AbortSignal;
}

async function readFlow(flow: Flow, { js, manager, since, signal }: Reading, lines: Map<string, Line>): Promise<void> {
  const wanted = { stream: streams.steps, filter: `steps.*.${flow}.>`, from: { since }, signal };
  await readFrom(js, manager, wanted, (message) => {
    const data = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength);
    if (!MARKS.some((mark) => data.includes(mark))) return;
    const parsed = stepEvent.safeParse(message.json());
    const line = parsed.success ? lineOf(parsed.data) : undefined;
    if (line !== undefined) lines.set(`${line.subject} ${line.references[0]}`, line);
  });
}
