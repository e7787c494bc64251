import type { Viewer } from '#app/auth/viewer.ts';
import { csvResponse } from '#app/csv/csv.ts';
import { orderListQuestion, presentOrderRow } from '#app/presenters/order-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { orderStateWords } from '#app/words/lifecycle.ts';
import { estateNames } from '#app/words/names.ts';

const rowsAtOnce = 2_000;

/** The order list as CSV: all pages of the same filters in the same order, read and written piece by piece. */
export function exportOrders(context: AppContext, search: URLSearchParams, viewer: Viewer): Response {
  const { filter, query } = orderListQuestion({ search, viewer }, context);
  const names = estateNames(context.estate);
  async function* pages() {
    for (let offset = 0; ; offset += rowsAtOnce) {
      const rows = await context.read(query, { ...filter, limit: rowsAtOnce, offset });
      yield rows.map((row) => {
        const item = presentOrderRow(row, names);
        return [
          item.number,
          item.key,
          item.placedAt,
          item.channel,
          item.entity,
          item.tier,
          item.amount,
          item.currency,
          orderStateWords(item.lifecycle, item.open).word,
          item.doing,
          item.message,
          item.deadline,
          item.caseId,
          item.syncMs ?? '',
          item.releaseMs ?? '',
          item.lastAt,
        ];
      });
      if (rows.length < rowsAtOnce) return;
    }
  }
  const head = [
    'Order',
    'Key',
    'Placed (UTC)',
    'Channel',
    'Legal entity',
    'Tier',
    'Amount',
    'Currency',
    'State',
    'Latest step',
    'Message',
    'Deadline (UTC)',
    'Case',
    'Order sync latency (ms)',
    'Order release time (ms)',
    'Last step (UTC)',
  ];
  return csvResponse('orders.csv', head, pages());
}
