import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate, Location } from '#contracts/v1/estate.ts';
import { isTransactionKey, transactionKey } from '#contracts/v1/key.ts';
import type { StoreBatch, TillTransaction } from '#contracts/v1/store.ts';
import { Decimal, sumAmounts } from '#sync-engine/money.ts';
import { numberOfReturn } from '../../../connectors/pos/store-return.ts';
import { returnName } from '../../return/return-data.ts';
import { isOnlineReturn } from './online-returns.ts';

/** The store of the estate, where it is one. */
export const storeOf = (estate: Pick<Estate, 'locations'>, id: string): Location | undefined =>
  estate.locations.find((location) => location.id === id && location.kind === 'store');

interface Context {
  estate: Pick<Estate, 'locations' | 'legal_entities'>;
  /** Estate id of the system it came from. */
  system: string;
  isProduct: (sku: string) => boolean;
}

/** What is wrong with a batch that reads well. Pure. */
export function checkBatch(batch: StoreBatch, { estate, system, isProduct }: Context): CaseProblem[] {
  const store = storeOf(estate, batch.store);
  if (store === undefined)
    return [problem('reference', 'unknown_store', '/store', `The estate has no store "${batch.store}".`)];
  const entity = estate.legal_entities.find(({ id }) => id === store.legal_entity);
  const problems: CaseProblem[] = [];
  if (entity !== undefined && entity.currency !== batch.currency)
    problems.push(
      problem(
        'validation',
        'wrong_currency',
        '/currency',
        `The store sells in ${entity.currency}, not ${batch.currency}.`,
      ),
    );
  const unknown = (sku: string, path: string): CaseProblem[] =>
    isProduct(sku)
      ? []
      : [
          {
            ...problem('reference', 'unknown_sku', path, `The SKU "${sku}" is not in the item master. Add or map it.`),
            missing_mapping: { kind: 'sku', system, code: sku },
          },
        ];
  const receipts = new Set<string>();
  batch.transactions.forEach((receipt, i) => {
    const { id, kind, lines, tenders, online_order } = receipt;
    if (receipts.has(id)) problems.push(repeatedReceipt(id, `/transactions/${i}/id`));
    receipts.add(id);
    if (!hasRoom(batch, receipt, system)) problems.push(numberTooLong(id, `/transactions/${i}/id`));
    lines.forEach(({ sku }, j) => problems.push(...unknown(sku, `/transactions/${i}/lines/${j}/sku`)));
    const due = sumAmounts(lines.flatMap(({ net, taxes }) => [net, ...taxes.map(({ amount }) => amount)]));
    if (online_order !== undefined && kind !== 'return')
      problems.push(
        problem(
          'validation',
          'sale_of_online_order',
          `/transactions/${i}/online_order`,
          'Only a return can be of an online order.',
        ),
      );
    // What a till does not pay out for an online order goes back the way it was paid.
    if (tenders.length === 0 && isOnlineReturn(receipt)) return;
    const paid = sumAmounts(tenders.map(({ amount }) => amount));
    if (!new Decimal(due).equals(paid))
      problems.push(
        problem(
          'totals',
          'tenders_differ',
          `/transactions/${i}/tenders`,
          `The lines and their tax come to ${due}, the tenders to ${paid}.`,
        ),
      );
  });
  batch.counts.forEach(({ sku }, i) => problems.push(...unknown(sku, `/counts/${i}/sku`)));
  const end = batch.end_of_day;
  if (end !== undefined && end.first_sequence > batch.sequence)
    problems.push(
      problem(
        'validation',
        'first_after_last',
        '/end_of_day/first_sequence',
        `The day cannot begin with batch ${end.first_sequence} and end with ${batch.sequence}.`,
      ),
    );
  return problems.slice(0, 100);
}

/** Does the key of the return that a receipt begins, if it begins one, fit? Unusual characters of its number make it longer. */
const hasRoom = (batch: StoreBatch, receipt: TillTransaction, system: string): boolean =>
  !isOnlineReturn(receipt) ||
  isTransactionKey(transactionKey(system, returnName(numberOfReturn({ ...batch, receipt }))));

const numberTooLong = (id: string, path: string): CaseProblem =>
  problem(
    'validation',
    'receipt_number_too_long',
    path,
    `The return "${id}" would come to a key of more than 300 characters, in which all but letters, digits, - and _ count three or more each. Give it a shorter number, or one of such characters.`,
  );

const repeatedReceipt = (id: string, path: string): CaseProblem =>
  problem(
    'conflict',
    'receipt_repeated',
    path,
    `The batch has the receipt "${id}" before this one. Take out the one that is a repetition, or give it a number of its own where it is another receipt.`,
  );

const problem = (
  error_class: CaseProblem['error_class'],
  error_code: string,
  path: string,
  message: string,
): CaseProblem => ({ error_class, error_code, path, document: 'received', message });
