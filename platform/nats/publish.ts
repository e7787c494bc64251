import { setTimeout as delay } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { type MsgHdrs, NoRespondersError, TimeoutError } from '@nats-io/nats-core';
import type { Publisher, Stored } from './publisher.ts';

export interface FencedMessage {
  stream: string;
  subject: string;
  data: Uint8Array | string;
  /** Unique for this entry of this subject; two writers that race use the same one. */
  msgId: string;
  /** Stream sequence of the subject's last message as the writer knows it; 0 where the subject is empty. */
  expectedSeq: number;
  /** Decides from the subject's last message whether it is this writer's. */
  isMine: (last: StoredMsg) => boolean;
  timeoutMs?: number;
}

/** A lost race tells where the subject stands now; `last` is absent where it is empty. */
export type FencedResult = { won: true; seq: number } | { won: false; last: StoredMsg | undefined };

/**
 * Appends to a subject so that exactly one of several racing writers wins. Neither the message id nor the expected
 * sequence is enough alone: a duplicate id answers "success" to the loser, and a 2.9 cluster can accept both writers by
 * sequence. Wherever the answer is ambiguous (duplicate, refusal, no answer) the subject's last message, read from the
 * leader, decides.
 *
 * @throws when NATS cannot be reached to find out.
 */
export async function publishFenced(
  publisher: Publisher,
  manager: JetStreamManager,
  message: FencedMessage,
): Promise<FencedResult> {
  const { subject, data, msgId, expectedSeq, timeoutMs = 5_000 } = message;
  let unanswered: TimeoutError | undefined;
  try {
    const { seq, duplicate } = await publisher.publish(subject, data, { msgId, expectedSeq, timeoutMs });
    if (!duplicate) return { won: true, seq };
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    if (error instanceof TimeoutError) unanswered = error;
  }
  const last = await readLast(manager, message.stream, subject);
  // Nobody wrote: that is an outage, not a lost race, and the message may still come.
  if (unanswered !== undefined && (last?.seq ?? 0) <= expectedSeq) throw unanswered;
  return last !== undefined && last.seq > expectedSeq && message.isMine(last)
    ? { won: true, seq: last.seq }
    : { won: false, last };
}

function isAmbiguous(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return isWrongSequence(error);
  return error instanceof TimeoutError;
}

export function isWrongSequence(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
      error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}

/** The subject's last message, asked of the stream's leader, or undefined where it has none. */
export async function readLast(
  manager: JetStreamManager,
  stream: string,
  subject: string,
): Promise<StoredMsg | undefined> {
  return absentAsUndefined(() => manager.streams.getMessage(stream, { last_by_subj: subject }));
}

/** One message by its stream sequence, or undefined where it has aged out. */
export async function readAt(manager: JetStreamManager, stream: string, seq: number): Promise<StoredMsg | undefined> {
  return absentAsUndefined(() => manager.streams.getMessage(stream, { seq }));
}

/** The first message from `seq` on whose subject matches, or undefined. */
export async function readNext(
  manager: JetStreamManager,
  stream: string,
  subject: string,
  seq: number,
): Promise<StoredMsg | undefined> {
  return absentAsUndefined(() => manager.direct.getMessage(stream, { seq, next_by_subj: subject }));
}

/** The same, asked of the stream's leader: a copy may not have the latest yet. */
export async function readNextOfLeader(
  manager: JetStreamManager,
  stream: string,
  subject: string,
  seq: number,
): Promise<StoredMsg | undefined> {
  const query = { seq, next_by_subj: subject };
  return absentAsUndefined(() => manager.streams.getMessage(stream, query));
}

async function absentAsUndefined(read: () => Promise<StoredMsg | null>): Promise<StoredMsg | undefined> {
  try {
    return (await read()) ?? undefined;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return undefined;
    throw error;
  }
}

export interface PublishOptions {
  msgId?: string;
  headers?: MsgHdrs;
  timeoutMs?: number;
  /** Attempts in all, for lost answers and moments without a leader. */
  attempts?: number;
}

/** A stream without a leader usually has one again within this. */
const ELECTION_MS = 250;

/** Publishes until JetStream acknowledges, a bounded number of times. With `msgId` a repeat is harmless. */
export async function publishDurably(
  publisher: Publisher,
  subject: string,
  data: Uint8Array | string,
  { attempts = 3, timeoutMs = 5_000, ...request }: PublishOptions = {},
): Promise<Stored> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await publisher.publish(subject, data, { ...request, timeoutMs });
    } catch (error) {
      if (attempt >= attempts) throw error;
      if (error instanceof NoRespondersError) await delay(ELECTION_MS);
      else if (!(error instanceof TimeoutError)) throw error;
    }
  }
}
