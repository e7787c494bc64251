import { storeBatch, type StoreBatch } from '#contracts/v1/store.ts';
import { malformedProblem, schemaProblems } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** A batch as JSON is canonical already, but for SKUs that a mapping translates. */
export function readBatch(body: Uint8Array, { mapping }: Pick<MessageContext, 'mapping'>): Reading<StoreBatch> {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    return { problems: [malformedProblem(error)] };
  }
  const sent = storeBatch.safeParse(document);
  if (!sent.success) return { problems: schemaProblems(sent.error) };
  const ours = <T extends { sku: string }>(line: T): T => ({ ...line, sku: mapping('sku', line.sku) ?? line.sku });
  return {
    message: {
      ...sent.data,
      transactions: sent.data.transactions.map((one) => ({ ...one, lines: one.lines.map(ours) })),
      counts: sent.data.counts.map(ours),
    },
  };
}
