import { isObject, listAt, type JsonObject } from '../vendor.ts';
import { userError, type NetSuiteProblem } from './errors.ts';
import { reference } from './reference.ts';

interface JournalLine {
  account: string;
  debit: number;
  credit: number;
}

export const journalLines = (body: JsonObject): JournalLine[] =>
  listAt(body['line'], 'items').map((line) => ({
    account: reference(line['account']),
    debit: Number(line['debit'] ?? 0),
    credit: Number(line['credit'] ?? 0),
  }));

const cents = (amounts: number[]): number => amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0);

/** What a journal entry moves, in its currency. */
export const debitsOf = (body: JsonObject): number => cents(journalLines(body).map(({ debit }) => debit)) / 100;

/** What NetSuite checks of a journal entry before it books it. */
export function validateJournal(subsidiaries: ReadonlySet<string>, body: JsonObject): NetSuiteProblem[] {
  const problems: NetSuiteProblem[] = [];
  const invalid = (path: string, detail: string) => problems.push(userError(path, detail));
  const subsidiary = reference(body['subsidiary']);
  if (!subsidiaries.has(subsidiary))
    invalid('subsidiary', `Invalid Field Value ${subsidiary} for the following field: subsidiary`);
  if (!isObject(body['currency'])) invalid('currency', 'Please enter value(s) for: Currency.');
  const lines = journalLines(body);
  if (lines.length < 2) invalid('line', 'You must enter at least two line items for this transaction.');
  lines.forEach(({ account }, i) => {
    if (!/^\d+$/.test(account))
      invalid(`line.items[${i}].account`, `Invalid Field Value ${account} for the following field: account`);
  });
  if (cents(lines.map(({ debit }) => debit)) !== cents(lines.map(({ credit }) => credit)))
    invalid('line', 'The amounts in this journal entry are not in balance.');
  return problems;
}
