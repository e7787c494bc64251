import { numberOfReturn, STORE_RETURN } from '../../../connectors/pos/store-return.ts';
import { onlineReturnsOf } from '../rules/online-returns.ts';
import { addReceipts } from '../rules/totals.ts';
import { stockChangesOf } from '../rules/stock-changes.ts';
import { batchAt, isWhole, type StoreWait } from '../store-data.ts';

/** The store's batches in their order: stock follows them, takings add up, until the day is whole. */
export const batchReceived: StoreWait = {
  kind: 'wait',
  name: 'batch_received',
  waitsFor: 'The day waits for the store’s batches and its end of day.',
  next: ({ data }) => (isWhole(data) ? 'reconcile_takings' : 'batch_received'),
  accepts: (_view, inbox) =>
    inbox
      .filter(({ type }) => type === 'store_batch')
      .sort((a, b) => Number(a.data['sequence']) - Number(b.data['sequence']))
      .slice(0, 1)
      .map(({ id }) => id),
  apply: async ({ data, state }, [signal], env) => {
    if (signal === undefined) throw new Error('a batch without its message');
    const batch = await batchAt(env, Number(signal.data['document_seq']));
    for (const change of stockChangesOf(batch, signal.system)) await env.stock.change(change, state.dimensions.origin);
    for (const taken of onlineReturnsOf(batch))
      await env.publish(signal.system, {
        topic: STORE_RETURN,
        deliveryId: `return-${numberOfReturn(taken)}`,
        body: Buffer.from(JSON.stringify(taken)),
      });
    const end = batch.end_of_day;
    const at = { intake_seq: signal.intake_seq };
    return {
      status: 'completed',
      data: {
        sequences: [...data.sequences, batch.sequence],
        totals: addReceipts(data.totals, batch.transactions),
        // The batch that ends the day is what a person corrects where the figures differ.
        ...(end === undefined
          ? {}
          : { end_of_day: { sequence: batch.sequence, counts: end }, ...at, received: { ...at } }),
      },
      attributes: {
        sequence: String(batch.sequence),
        generated_at: batch.generated_at,
        backlog: String(batch.backlog),
        transactions: String(batch.transactions.length),
        business_date: batch.business_date,
        ...(end === undefined ? {} : { end_of_day: 'true' }),
      },
    };
  },
};
