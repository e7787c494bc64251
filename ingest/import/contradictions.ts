import type { Waiting } from './buckets.ts';
import type { RejectedRow } from './rejected-rows.ts';

export interface Sorted {
  /** Rows that may land; those that say the same twice are among them. */
  rows: Waiting[];
  refused: RejectedRow[];
}

/**
 * Takes out the rows of a transaction that say something else of a step that an earlier line of the file tells already. A
 * step lands once, so one of them would be lost without a word; which of them is right, only people know.
 */
export function takeOutContradictions(rows: readonly Waiting[]): Sorted {
  const first = new Map<string, Waiting>();
  for (const row of rows) {
    const { span_id } = row.step;
    const known = first.get(span_id);
    if (known === undefined || row.line < known.line) first.set(span_id, row);
  }
  const sorted: Sorted = { rows: [], refused: [] };
  for (const row of rows) {
    const told = first.get(row.step.span_id) ?? row;
    const field = differingField(flat(told), flat(row));
    if (field === undefined) sorted.rows.push(row);
    else
      sorted.refused.push({
        line: row.line,
        field,
        reason: `is the step of line ${told.line}, which says something else here; where both happened, map an id that tells them apart`,
      });
  }
  return sorted;
}

const flat = ({ step: { attributes, ...fields } }: Waiting): Map<string, unknown> =>
  new Map([
    ...Object.entries(fields),
    ...Object.entries(attributes).map(([name, value]) => [`attributes.${name}`, value] as const),
  ]);

function differingField(a: Map<string, unknown>, b: Map<string, unknown>): string | undefined {
  return [...new Set([...a.keys(), ...b.keys()])].find((name) => a.get(name) !== b.get(name));
}
