import { atLeastOne } from '../../../connectors/reading.ts';
import { tooMany } from '../rules/lines.ts';
import type { ReturnWait } from '../return-data.ts';
import { readReceipt, RECEIPT } from '../receipt.ts';

/** Waits for the goods. What came in counts from here on, whatever was asked for. */
export const received: ReturnWait = {
  kind: 'wait',
  name: 'received',
  waitsFor: 'The return waits for its goods.',
  next: () => 'inspect',
  accepts: (_view, inbox) =>
    inbox
      .filter(({ type }) => type === RECEIPT)
      .slice(0, 1)
      .map(({ id }) => id),
  apply: async (view, [signal], env) => {
    if (signal === undefined) throw new Error('a receipt without its message');
    const read = await readReceipt(view, signal, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const { lines, received: goods, order } = read;
    const { number, order_key, requested_at } = view.data;
    const claimed = await env.book.claim(
      order_key,
      {
        key: view.key,
        number,
        requested_at,
        lines: lines.map(({ line_id, quantity }) => ({ line_id, quantity })),
        received: true,
      },
      order.shipped,
      view.now,
    );
    // It was right when it was taken; another return of the order was faster.
    if (claimed !== 'claimed')
      return { status: 'quarantined', problems: atLeastOne(tooMany(order.order, lines, [], claimed.short)) };
    return {
      status: 'completed',
      data: { lines, goods },
      dimensions: { location: goods.location },
      location: goods.location,
      endedAt: goods.at,
      attributes: {
        receipt: signal.id.slice(RECEIPT.length + 1),
        units: String(lines.reduce((sum, { quantity }) => sum + quantity, 0)),
        reasons: [...new Set(lines.flatMap(({ reason }) => reason ?? []))].join(' '),
      },
    };
  },
};
