import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import { returnReason, type ReturnReason } from '#contracts/v1/returns.ts';
import type { NamedReturnLine } from '../../../connectors/return-message.ts';
import type { Left } from '../../../returns/return-book.ts';
import type { ReturnLine } from '../return-data.ts';

const problem = (error_code: string, path: string, message: string): CaseProblem => ({
  error_class: 'reference',
  error_code,
  path,
  document: 'received',
  message,
});

/** The order's lines that a message names, by their id or by their SKU. Pure. */
export function namedLines(
  order: Order,
  lines: readonly NamedReturnLine[],
): { lines: ReturnLine[] } | { problems: CaseProblem[] } {
  const problems: CaseProblem[] = [];
  const found = lines.flatMap(({ line_id, sku, quantity, reason_code = '', condition, disposition, path }) => {
    const same =
      line_id === undefined
        ? order.lines.filter((line) => line.sku === sku)
        : order.lines.filter((line) => line.line_id === line_id);
    const [line, another] = same;
    if (line === undefined) {
      const what = line_id === undefined ? `no ${sku}` : `no line ${line_id}`;
      const field = line_id === undefined ? 'sku' : 'line_id';
      problems.push(problem('unknown_line', `${path}/${field}`, `Order ${order.number} has ${what}.`));
      return [];
    }
    if (another !== undefined) {
      const message = `Order ${order.number} has ${sku} on ${same.length} lines: say which one came back.`;
      problems.push(problem('ambiguous_line', `${path}/line_id`, message));
      return [];
    }
    if (sku !== undefined && line.sku !== sku) {
      const message = `Line ${line.line_id} of order ${order.number} is of ${line.sku}, not of ${sku}.`;
      problems.push(problem('wrong_sku', `${path}/sku`, message));
      return [];
    }
    return [
      {
        line_id: line.line_id,
        sku: line.sku,
        quantity,
        reason_code,
        condition,
        ...(disposition === undefined ? {} : { disposition }),
      },
    ];
  });
  return problems.length > 0 ? { problems } : { lines: found };
}

/** More comes back than can: each line with the place it is named at. Pure. */
export function tooMany(
  order: Order,
  lines: readonly ReturnLine[],
  named: readonly NamedReturnLine[],
  short: readonly Left[],
): CaseProblem[] {
  return short.map(({ line_id, left }) => {
    const at = lines.findIndex((line) => line.line_id === line_id);
    const sku = lines[at]?.sku ?? line_id;
    const wanted = lines.reduce((sum, line) => (line.line_id === line_id ? sum + line.quantity : sum), 0);
    return problem(
      'returned_too_many',
      `${named[at]?.path ?? ''}/quantity`,
      `${wanted} of ${sku} are to come back of order ${order.number}, but only ${left} have shipped and not come back yet.`,
    );
  });
}

/**
 * Reasons in our own words. A code that is one of them already needs no mapping.
 * @param required a line without a reason is a problem too.
 */
export function mapReasons<L extends ReturnLine>(
  lines: readonly L[],
  {
    system,
    mapping,
    paths,
    required,
  }: { system: string; mapping: (code: string) => string | undefined; paths: readonly string[]; required: boolean },
): { lines: L[] } | { problems: CaseProblem[] } {
  const problems: CaseProblem[] = [];
  const mapped = lines.map((line, i): L => {
    const path = `${paths[i] ?? ''}/reason_code`;
    if (line.reason_code === '') {
      if (required && line.reason === undefined)
        problems.push({
          ...problem('missing_reason_code', path, `${line.sku} came back without a reason code. Add it, then replay.`),
          error_class: 'validation',
        });
      return line;
    }
    const reason = reasonOf(line.reason_code, mapping);
    if (reason !== undefined) return { ...line, reason };
    problems.push({
      ...problem(
        'unmapped_reason_code',
        path,
        `The reason code "${line.reason_code}" of ${system} is not mapped to a reason (${returnReason.options.join(', ')}). Map it, then replay.`,
      ),
      error_class: 'mapping',
      missing_mapping: { kind: 'return_reason', system, code: line.reason_code },
    });
    return line;
  });
  return problems.length > 0 ? { problems: problems.slice(0, 100) } : { lines: mapped };
}

const reasonOf = (code: string, mapping: (code: string) => string | undefined): ReturnReason | undefined =>
  returnReason.safeParse(mapping(code) ?? code).data;
