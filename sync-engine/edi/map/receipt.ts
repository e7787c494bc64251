import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { Reading } from '../../connectors/topics.ts';
import { locationOf, quantityAt, skuOf, type CodeContext } from './codes.ts';
import { loopsOf, segmentOf, value, type ReceivedSet } from './loops.ts';
import { momentOf } from './moments.ts';
import { partyOf } from './parties.ts';
import { Problems } from './problems.ts';
import { stockChanges, type StockOf } from './stock-changes.ts';

/**
 * What a stock transfer receipt (944) adds to stock: one change a SKU. Goods received damaged or otherwise than expected
 * (W13) are not guessed at: somebody decides what of them may be sold.
 */
export function changesOfReceipt(received: ReceivedSet, context: CodeContext): Reading<StockChange[]> {
  const { content, name } = received.set;
  const problems = new Problems(name);
  const head = segmentOf(content, 'W17') ?? content.head;
  const number = value(head, 3) ?? '';
  const occurredAt = momentOf(value(head, 2), value(head, 7), received.group, context.partner);
  if (occurredAt === undefined)
    problems.add('validation', 'missing_date', head, 2, 'The day of receipt is missing. Add it.');
  const place = partyOf(content, ['WH', 'SF', 'ST']);
  const location = place === undefined ? undefined : locationOf(place.head, 4, context, problems);
  if (place === undefined)
    problems.addMissing('missing_location', 'N1', head, 'It names no warehouse. Add an N1*WH with its code.');
  const goods: StockOf[] = loopsOf(content, 'W07').map((line) => {
    for (const { head: exception } of loopsOf(line, 'W13'))
      problems.add(
        'validation',
        'receipt_exception',
        exception,
        undefined,
        `${value(exception, 1) ?? 'Some'} of ${value(line.head, 5) ?? 'a product'} were received with condition ${value(exception, 3) ?? ''}. Take what may not be sold off W0701 and remove the W13.`,
      );
    return {
      segment: line.head,
      sku: skuOf(line.head, [4, 6, 10], context, problems),
      location: location ?? '',
      quantity: quantityAt(line.head, { quantity: 1, unit: 2 }, context, problems),
    };
  });
  const document = { reason: 'receipt', id: `944-${number}`, occurredAt: occurredAt ?? '' } as const;
  return stockChanges(goods, document, context, problems);
}
