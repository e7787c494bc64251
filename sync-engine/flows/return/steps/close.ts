import { orderOf, refundOf, type ReturnEnv, type ReturnInline, type ReturnView } from '../return-data.ts';

/** The return is done; its order shows it, and is returned itself once all of it has come back. */
export const close: ReturnInline = {
  kind: 'inline',
  name: 'close',
  next: () => 'close',
  run: async (view, env) => {
    const { total, currency } = refundOf(view);
    const step = await becomes(view, env);
    await env.note(view.data.order_key, {
      id: `returned:${view.key}`,
      step,
      attributes: { ref_return_number: view.data.number, return_key: view.key, refund: `${total} ${currency}` },
    });
    return {
      status: 'completed',
      finish: true,
      attributes: { order: step, credit_memo: view.data.credit_memo.number },
    };
  },
};

async function becomes(view: ReturnView, env: ReturnEnv): Promise<'returned' | 'partly_returned' | 'refunded'> {
  // Money alone makes no order returned.
  if (view.data.lines.length === 0) return 'refunded';
  return (await isWhole(view, env)) ? 'returned' : 'partly_returned';
}

/** Has everything come back that was shipped, and was everything shipped? */
async function isWhole(view: ReturnView, env: ReturnEnv): Promise<boolean> {
  const { order } = await orderOf(view, env);
  const back = (await env.book.of(view.data.order_key))
    .filter(({ granted }) => granted !== undefined)
    .flatMap(({ lines }) => lines);
  return order.lines
    .filter((line) => line.requires_shipping)
    .every(
      ({ line_id, quantity }) =>
        back.reduce((sum, line) => (line.line_id === line_id ? sum + line.quantity : sum), 0) >= quantity,
    );
}
