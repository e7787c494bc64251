import { z } from 'zod';
import { storeBatch, type StoreBatch } from '#contracts/v1/store.ts';
import { readJson } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** A batch as JSON is canonical already, but for SKUs that a mapping translates. */
export function readBatch(body: Uint8Array, { mapping }: Pick<MessageContext, 'mapping'>): Reading<StoreBatch> {
  const sent = readJson(storeBatch, body, JSON.parse);
  if ('problems' in sent) return sent;
  return { message: withOurSkus(sent.message, mapping) };
}

/** A batch with the SKUs that a mapping translates. */
export function withOurSkus(batch: StoreBatch, mapping: MessageContext['mapping']): StoreBatch {
  const ours = <T extends { sku: string }>(line: T): T => ({ ...line, sku: mapping('sku', line.sku) ?? line.sku });
  return {
    ...batch,
    transactions: batch.transactions.map((one) => ({ ...one, lines: one.lines.map(ours) })),
    counts: batch.counts.map(ours),
  };
}

const numbered = z.object({ store: z.string().min(1).max(63), sequence: z.int().positive() });

/** Store and sequence, as far as they can be read. */
export const numberIn = (document: unknown) => numbered.safeParse(document).data;

export function numberOfBatch(body: Uint8Array): ReturnType<typeof numberIn> {
  try {
    return numberIn(JSON.parse(Buffer.from(body).toString()));
  } catch {
    return undefined;
  }
}
