/** Most values that are looked up at once. */
export const mostSearched = 500;

/** The values typed or pasted, as they were written, each once. */
export function valuesSought(typed: string): string[] {
  const values = typed
    .split(/[\s,;]+/)
    .map((value) => value.replace(/^["']+|["']+$/g, '').slice(0, 200))
    .filter((value) => value !== '' && value !== '#');
  const once = new Map<string, string>();
  for (const value of values) if (!once.has(folded(value))) once.set(folded(value), value);
  return [...once.values()];
}

const folded = (value: string): string => value.toLowerCase().replace(/^#/, '');

/** A number may be kept with its number sign or without. */
export const spellings = (value: string): string[] => [folded(value), `#${folded(value)}`];

/** What became of each of several values that were searched for: every one is in exactly one of the four. */
export interface PastedValues {
  /** Different values; a repeated one counts once. */
  asked: number;
  /** How many of them name an order in the list. */
  listed: number;
  /** They name orders that other filters leave out. */
  filteredOut: string[];
  /** No order has them. */
  notFound: string[];
  /** More than can be looked up at once. */
  notLookedUp: string[];
}

/** Undefined where fewer than two values were searched for: the list itself answers then. */
export function sortPastedValues(
  typed: string,
  found: readonly { term: string; listed: boolean }[],
): PastedValues | undefined {
  const values = valuesSought(typed);
  if (values.length < 2) return undefined;
  const terms = new Map(found.map(({ term, listed }) => [term, listed]));
  const result: PastedValues = {
    asked: values.length,
    listed: 0,
    filteredOut: [],
    notFound: [],
    notLookedUp: values.slice(mostSearched),
  };
  for (const value of values.slice(0, mostSearched)) {
    const known = spellings(value).filter((term) => terms.has(term));
    if (known.some((term) => terms.get(term) === true)) result.listed++;
    else if (known.length > 0) result.filteredOut.push(value);
    else result.notFound.push(value);
  }
  return result;
}

/** "47 of 50 found, 3 not found": adds up to what was asked. */
export function pastedInWords({ asked, listed, filteredOut, notFound, notLookedUp }: PastedValues): string {
  const parts = [
    `${listed} of ${asked} numbers found`,
    ...(filteredOut.length > 0 ? [`${filteredOut.length} left out by the filters`] : []),
    ...(notFound.length > 0 ? [`${notFound.length} not found`] : []),
    ...(notLookedUp.length > 0 ? [`${notLookedUp.length} not looked up`] : []),
  ];
  return parts.join(', ');
}
