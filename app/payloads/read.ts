import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readAt, readLast } from '#platform/nats/publish.ts';
import { isX12 } from './x12-text.ts';

/** One call to an outside system as the engine keeps it on PAYLOADS. */
const exchange = z.object({
  call: z.object({ method: z.string(), path: z.string(), headers: z.record(z.string(), z.string()), body: z.string() }),
  answer: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }).optional(),
  error: z.string().optional(),
  at: z.string(),
  duration_ms: z.number(),
});
export type Exchange = z.infer<typeof exchange>;

/** What arrived, byte for byte as text: version 1 is the INTAKE message, a later one a correction. Undefined once aged out. */
export async function readReceived(
  jsm: JetStreamManager,
  key: string,
  version: number,
  intakeSeq: number,
): Promise<string | undefined> {
  const message =
    version === 1
      ? intakeSeq > 0
        ? await readAt(jsm, streams.intake, intakeSeq)
        : undefined
      : await readLast(jsm, streams.payloads, subjects.payload(key, `received.${version}`));
  return textOf(message);
}

/** A payload as a rule would leave it, by its sequence, only if it belongs to the transaction. */
export async function readSuggested(jsm: JetStreamManager, key: string, seq: number): Promise<string | undefined> {
  const message = await readAt(jsm, streams.payloads, seq);
  return message?.subject.startsWith(`payloads.${key}.suggested.`) ? textOf(message) : undefined;
}

/** The canonical order made of a payload version, as text; undefined where there is none or it has aged out. */
export async function readCanonical(jsm: JetStreamManager, key: string, version: number): Promise<string | undefined> {
  return textOf(await readLast(jsm, streams.payloads, subjects.payload(key, `canonical.${version}`)));
}

/** Sequence on INTAKE of the message that began a transaction, 0 where none of its steps names one. */
export function intakeSeqOf(steps: readonly { attributes: Readonly<Record<string, string>> }[]): number {
  return Number(steps.find((step) => step.attributes['intake_seq'] !== undefined)?.attributes['intake_seq'] ?? 0);
}

type Steps = readonly { step: string; attributes: Readonly<Record<string, string>> }[];

const updateSeqs = (steps: Steps): number[] =>
  steps
    .filter(({ step }) => step === 'channel_update_received')
    .map(({ attributes }) => Number(attributes['intake_seq'] ?? 0));

/** Sequence on INTAKE of the newest version the channel sent of a transaction under way; undefined where there is none. */
export const newestUpdate = (steps: Steps): number | undefined => updateSeqs(steps).findLast((seq) => seq > 0);

/** An update by its sequence, only if it belongs to the transaction these steps are of. */
export async function readUpdate(jsm: JetStreamManager, steps: Steps, seq: number): Promise<string | undefined> {
  return updateSeqs(steps).includes(seq) ? textOf(await readAt(jsm, streams.intake, seq)) : undefined;
}

/** A call by its sequence, only if it belongs to the transaction. */
export async function readExchange(jsm: JetStreamManager, key: string, seq: number): Promise<Exchange | undefined> {
  const message = await readAt(jsm, streams.payloads, seq);
  if (!message?.subject.startsWith(`payloads.${key}.`)) return undefined;
  const parsed = exchange.safeParse(message.json());
  return parsed.success ? parsed.data : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An EDI document keeps its byte order mark, and may be in an encoding of one byte a character. */
function textOf(message: StoredMsg | undefined): string | undefined {
  if (message === undefined) return undefined;
  try {
    const text = utf8.decode(message.data);
    return isX12(text) ? text : text.replace(/^\ufeff/, '');
  } catch {
    return Buffer.from(message.data).toString('latin1');
  }
}
