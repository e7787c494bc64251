import { mostValues, type Selection, selections, transactionsInCommon } from '#app/queries/transaction-breakdown.ts';
import type { AppContext } from '#app/server/context.ts';
import type { Attribute } from '#app/transactions/attributes.ts';
import { attributes, facetWords } from '#app/transactions/attributes.ts';
import { endless, type TransactionQuestion } from '#app/transactions/filters.ts';
import { overRepresentation } from '#app/transactions/over-represented.ts';
import { narrowed, spanText } from '#app/transactions/paths.ts';
import { type EstateNames } from '#app/words/names.ts';
import { facetValue } from '#app/words/transactions.ts';

/** Values shown at most, the most over-represented first. */
const mostShown = 30;

export interface CommonRow {
  id: string;
  attribute: string;
  label: string;
  selected: number;
  rest: number;
  /** Shares, from 0 to 1. */
  shareSelected: number;
  shareRest: number;
  points: number;
  least: number;
  path: string;
}

/** Which transactions are looked at: those chosen in the address, or a span of latencies where one is brushed. */
export const readSelection = (search: URLSearchParams, { latency }: TransactionQuestion): Selection => {
  const wanted = selections.find((one) => one === search.get('pick'));
  if (wanted === 'span' || wanted === undefined) return latency === 'within' ? 'span' : 'trouble';
  return wanted;
};

/** What leads from the selected to their list: well is left out, or the latency is what was selected by. */
function selectedAlone(selection: Selection, filter: TransactionQuestion, slowOverMs: number) {
  if (selection === 'trouble') return { only: {}, also: { 'not.state': ['well'] } };
  const latency = selection === 'slow' ? spanText(slowOverMs + 1) : spanText(filter.least_ms, belowOf(filter.below_ms));
  return { only: { latency }, also: {} };
}
const belowOf = (below: number) => (below === endless ? undefined : below);

/**
 * What the selected transactions have in common that the rest has not: values whose share among the selected is larger,
 * beyond chance, the strongest first.
 */
export async function presentCommon(
  context: Pick<AppContext, 'read'>,
  question: { filter: TransactionQuestion; search: URLSearchParams; names: EstateNames; p95: number | null },
) {
  const { filter, search, names, p95 } = question;
  const selection = readSelection(search, filter);
  const slowOverMs = p95 ?? 0;
  const rows =
    selection === 'slow' && p95 === null
      ? []
      : await context.read(transactionsInCommon, { ...filter, selection, slow_over_ms: slowOverMs });
  const all = rows.find(({ counted }) => counted === 'all');
  const [ofSelected, ofRest] = [all?.selected ?? 0, all?.rest ?? 0];
  const alone = selectedAlone(selection, filter, slowOverMs);
  const compared = rows.flatMap((row): CommonRow[] => {
    if (row.counted === 'all') return [];
    const attribute: Attribute = row.counted;
    const { points, least } = overRepresentation({ ...row, ofSelected, ofRest });
    return [
      {
        id: `${attribute}=${row.value}`,
        attribute: facetWords[attribute],
        label: facetValue(attribute, row.value, names),
        selected: row.selected,
        rest: row.rest,
        shareSelected: ofSelected === 0 ? 0 : row.selected / ofSelected,
        shareRest: ofRest === 0 ? 0 : row.rest / ofRest,
        points,
        least,
        path: narrowed(search, { only: { ...alone.only, [attribute]: row.value }, also: alone.also }),
      },
    ];
  });
  const found = compared.filter(({ least }) => least > 0).sort((a, b) => b.least - a.least || (a.id < b.id ? -1 : 1));
  return {
    selection,
    slowOverMs,
    selected: ofSelected,
    rest: ofRest,
    selectedPath: narrowed(search, alone),
    rows: found.slice(0, mostShown),
    /** Values that chance may explain, or that are rarer among the selected. */
    others: compared.length - found.length,
    /** Attributes of which only the values most frequent among the selected are compared. */
    capped: attributes
      .filter((attribute) => rows.filter(({ counted }) => counted === attribute).length >= mostValues)
      .map((attribute) => facetWords[attribute]),
    mostValues,
  };
}
export type CommonView = Awaited<ReturnType<typeof presentCommon>>;
