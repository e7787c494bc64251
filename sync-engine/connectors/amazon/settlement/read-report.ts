import type { CaseProblem } from '#contracts/v1/case.ts';
import { payout as payoutSchema, type Payout, type PayoutLine } from '#contracts/v1/payout.ts';
import { jsonPointer } from '../../../json-pointer.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { readValue } from '../../reading.ts';
import type { Reading } from '../../topics.ts';
import { always, type AmountColumn, firstVersion, secondVersion } from './columns.ts';

const AMOUNT = /^-?\d{1,12}(\.\d{1,4})?$/;
const MOST_PROBLEMS = 100;

/**
 * A settlement report of Amazon: tab separated, GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2 or the version before it. The first
 * row after the names of the columns says what is paid out, and the others have to make it. Problems point to
 * `/<row>/<column>`, rows counted as a spreadsheet does.
 */
export function readSettlementReport(bytes: Uint8Array): Reading<Payout> {
  const problems: CaseProblem[] = [];
  const report = tableOf(textOf(bytes), problems);
  if (report === undefined) return { problems };
  const { columns, rows } = report;
  const [summary, ...others] = rows;
  if (summary === undefined) return { problems: [problem('report_empty', [2], 'The report has no rows.')] };
  const id = summary.cell('settlement-id');
  const lines = others.flatMap((row) => linesOf(row, id, columns, problems));
  const total = amountOf(summary, 'total-amount', problems);
  if (problems.length > 0) return { problems: problems.slice(0, MOST_PROBLEMS) };

  const sum = sumAmounts(['0.00', ...lines.map(({ amount }) => amount)]);
  if (!new Decimal(sum).equals(total ?? '0'))
    return {
      problems: [
        {
          ...problem(
            'payout_total_differs',
            [summary.number, 'total-amount'],
            `The rows make ${sum}, but the report says that ${total ?? ''} is paid out. A part of it is missing or was changed: fetch it again and discard this case.`,
          ),
          error_class: 'totals',
        },
      ],
    };
  const read = {
    schema_version: 1,
    payout_id: id,
    currency: summary.cell('currency'),
    from: instantOf(summary.cell('settlement-start-date')),
    to: instantOf(summary.cell('settlement-end-date')),
    deposited_at: instantOf(summary.cell('deposit-date')),
    total,
    lines,
  };
  return readValue(payoutSchema, read, placeOf(summary.number));
}

interface Row {
  number: number;
  /** What stands in a column; empty where the report has no such column. */
  cell(column: string): string;
}

function tableOf(text: string, problems: CaseProblem[]): { columns: readonly AmountColumn[]; rows: Row[] } | undefined {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const [head = '', ...body] = lines;
  const names = head.split('\t').map((name) => name.trim().toLowerCase());
  const columns = names.includes('amount-description') ? secondVersion : firstVersion;
  const wanted = [...always, ...(columns === secondVersion ? ['amount', 'amount-type'] : ['price-amount'])];
  for (const name of wanted)
    if (!names.includes(name))
      problems.push(
        problem('column_missing', [1, name], `The report has no column "${name}"; it is none of Amazon's.`),
      );
  if (problems.length > 0) return undefined;
  const rows = body.map((line, i): Row => {
    const cells = line.split('\t');
    if (cells.length !== names.length)
      problems.push(
        problem('row_torn', [i + 2], `Row ${i + 2} has ${cells.length} columns, the report ${names.length}.`),
      );
    return { number: i + 2, cell: (name) => cells[names.indexOf(name)]?.trim() ?? '' };
  });
  return { columns, rows };
}

function linesOf(row: Row, id: string, columns: readonly AmountColumn[], problems: CaseProblem[]): PayoutLine[] {
  if (row.cell('settlement-id') !== id)
    problems.push(
      problem('other_settlement', [row.number, 'settlement-id'], `Row ${row.number} belongs to another settlement.`),
    );
  const orderId = row.cell('order-id');
  const type = row.cell('amount-type') || row.cell('transaction-type');
  return columns.flatMap((column): PayoutLine[] => {
    if (row.cell(column.amount) === '') return [];
    const amount = amountOf(row, column.amount, problems);
    if (amount === undefined) return [];
    const words = column.words === undefined ? column.amount : row.cell(column.words);
    return [
      {
        row: row.number,
        kind: column.kind(words, type),
        transaction: row.cell('transaction-type').slice(0, 100),
        description: words.slice(0, 300),
        ...(orderId === '' ? {} : { order_id: orderId.slice(0, 128) }),
        units: words === 'Principal' ? unitsOf(row, problems) : 0,
        amount,
      },
    ];
  });
}

/** The version before V2 tells units in a row of their own, and has none beside the price. */
function unitsOf(row: Row, problems: CaseProblem[]): number {
  const units = row.cell('quantity-purchased');
  if (/^\d{0,6}$/.test(units)) return Number(units);
  problems.push(
    problem('units_wrong', [row.number, 'quantity-purchased'], `"${units.slice(0, 50)}" is no number of units.`),
  );
  return 0;
}

function amountOf(row: Row, column: string, problems: CaseProblem[]): string | undefined {
  const text = row.cell(column);
  if (AMOUNT.test(text)) return text;
  problems.push(
    problem('amount_wrong', [row.number, column], `"${text.slice(0, 50)}" is no amount such as 12.30 or -1.00.`),
  );
  return undefined;
}

/** "2015-12-02T03:27:08+00:00", or "2015-12-02 03:27:08 UTC". What is neither is left to the contract to refuse. */
function instantOf(text: string): string {
  const at = Date.parse(text.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC$/, '$1T$2Z'));
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) && !Number.isNaN(at) ? new Date(at).toISOString() : text;
}

/** Older reports are Latin-1; what matters in them is ASCII. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

const columnsOfFields: Readonly<Record<string, string>> = {
  payout_id: 'settlement-id',
  from: 'settlement-start-date',
  to: 'settlement-end-date',
  deposited_at: 'deposit-date',
  total: 'total-amount',
};
const placeOf =
  (row: number) =>
  ([field = '']: readonly PropertyKey[]) => [row, columnsOfFields[String(field)] ?? field];

const problem = (error_code: string, path: readonly (string | number)[], message: string): CaseProblem => ({
  error_class: 'validation',
  error_code,
  path: jsonPointer([...path]).slice(0, 500),
  document: 'received',
  message,
});
