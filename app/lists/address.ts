/** What of a list stands in its address: `?sort=-amount&page=2&cols=number,amount`, so that a link is the list. */
export interface ListAddress<S extends string> {
  sort: S;
  descending: boolean;
  /** From 1. */
  page: number;
  /** Chosen columns; undefined where nobody chose. */
  columns: readonly string[] | undefined;
}

export const pageSize = 50;

/** Reads it; what is not a known sort or a page becomes the default. */
export function readListAddress<S extends string>(
  search: URLSearchParams,
  sorts: readonly S[],
  initial: { sort: S; descending: boolean },
): ListAddress<S> {
  const wanted = search.get('sort') ?? '';
  const known = sorts.find((sort) => sort === wanted.replace(/^-/, ''));
  const page = Number(search.get('page') ?? '1');
  const columns = search.get('cols');
  return {
    sort: known ?? initial.sort,
    descending: known === undefined ? initial.descending : wanted.startsWith('-'),
    page: Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1,
    columns: columns === null ? undefined : columns.split(',').filter((id) => id !== ''),
  };
}

/** The address with one parameter set (or removed with null); every change but of the page begins at the first page. */
export function withParam(search: URLSearchParams, name: string, value: string | null): string {
  const next = new URLSearchParams(search);
  if (value === null || value === '') next.delete(name);
  else next.set(name, value);
  if (name !== 'page') next.delete('page');
  const text = next.toString();
  return text === '' ? '?' : `?${text}`;
}

/** The address that sorts by a column: first click ascending (or as said), second the other way round. */
export function sortParam(address: ListAddress<string>, sort: string, firstDescending = false): string {
  const descending = address.sort === sort ? !address.descending : firstDescending;
  return descending ? `-${sort}` : sort;
}

/** Values of a filter that are known, in the order they stand in the address. */
export function knownValues<T extends string>(search: URLSearchParams, name: string, known: readonly T[]): T[] {
  return search.getAll(name).flatMap((value) => known.filter((one) => one === value));
}
