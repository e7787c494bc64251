import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import { isOutsideWriter } from '#contracts/v1/outside-writer.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { readLast, readNextOfLeader } from '#platform/nats/publish.ts';

/** Where a transaction that other systems tell of stands in the stream. */
export interface Head {
  /** Stream sequence of its last event, 0 where it has none. */
  seq: number;
  ordinal: number;
  /** Empty where it has no event. */
  occurredAt: string;
  /** Spans it holds already. */
  spans: Set<string>;
}

/** A transaction that may not be written to, and why. */
export interface Fenced {
  refused: string;
}

const lastEvent = z.object({
  ordinal: z.int().positive(),
  occurred_at: z.string(),
  writer: z.string(),
  state: z.unknown().optional(),
});
const told = z.object({ span_id: z.string() });

/**
 * The head of a transaction, from the stream's leader. What `known` tells is not read again.
 * The engine's transactions, whose last event carries its checkpoint, and those of anybody else who publishes to NATS
 * belong to their writer alone: an event between two of theirs would cost the engine its place.
 */
export async function readHead(manager: JetStreamManager, subject: string, known?: Head): Promise<Head | Fenced> {
  const last = await readLast(manager, streams.steps, subject);
  if (last === undefined) return { seq: 0, ordinal: 0, occurredAt: '', spans: new Set() };
  if (known?.seq === last.seq) return known;
  const event = lastEvent.safeParse(jsonOf(last));
  if (!event.success) return { refused: 'the last message of its transaction is no step event' };
  const { ordinal, occurred_at, writer, state } = event.data;
  if (state !== undefined)
    return { refused: 'its transaction is carried by the sync engine, which alone writes to it' };
  if (!isOutsideWriter(writer)) return { refused: `its transaction is written by another producer (${writer})` };
  const spans = new Set(known?.spans);
  for (let seq = (known?.seq ?? 0) + 1; seq <= last.seq; seq++) {
    const message = await readNextOfLeader(manager, streams.steps, subject, seq);
    if (message === undefined) break;
    const span = told.safeParse(jsonOf(message));
    if (span.success) spans.add(span.data.span_id);
    seq = message.seq;
  }
  return { seq: last.seq, ordinal, occurredAt: occurred_at, spans };
}

function jsonOf(message: StoredMsg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
