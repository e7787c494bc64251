import { isObject, listAt, type JsonObject, type VendorContext } from '../vendor.ts';
import { userError, type NetSuiteProblem } from './errors.ts';
import { type Ledger, validateSalesOrder } from './records.ts';
import { reference } from './reference.ts';

/**
 * What NetSuite checks of a credit memo before it books it: what it checks of a sales order, and that the invoice it is
 * created from is there and of the same customer's subsidiary.
 */
export function validateCreditMemo(
  context: VendorContext,
  ledger: Pick<Ledger, 'find'>,
  subsidiaries: ReadonlySet<string>,
  body: JsonObject,
): NetSuiteProblem[] {
  // Goods that were sold may have left the range since: they can still come back.
  const items = listAt(body['item'], 'items').map((line) =>
    context.catalogue.bySku(reference(line['item'])) === undefined ? line : { ...line, item: 'syncline-known' },
  );
  const problems = validateSalesOrder(context, subsidiaries, { ...body, item: { items } });
  if (!isObject(body['currency'])) problems.push(userError('currency', 'Please enter value(s) for: Currency.'));
  const from = reference(body['createdFrom']);
  if (from === '') return problems;
  const invoice = ledger.find('invoice', from);
  if (invoice === undefined)
    problems.push(userError('createdFrom', `Invalid Field Value ${from} for the following field: createdFrom`));
  else if (invoice.subsidiary !== reference(body['subsidiary']))
    problems.push(userError('subsidiary', 'The subsidiary differs from that of the invoice.'));
  return problems;
}
