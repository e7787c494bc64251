/** How a list's page, order and columns are written in the URL: `?page=2&sort=-placed&hide=sku,tier`, `hide=` for no column. */
export interface Sort {
  id: string;
  descending: boolean;
}

export interface ListAddress {
  /** From 1. */
  page: number;
  sort: Sort | undefined;
  hidden: string[];
}

/** Reads what a list was asked for; `sortable` are the ids that may be asked for, the fallback stands for anything else. */
export function readListAddress(
  search: URLSearchParams,
  sortable: readonly string[],
  fallback?: Sort,
  hidden: readonly string[] = [],
): ListAddress {
  const page = Number(search.get('page') ?? '1');
  const wanted = search.get('sort') ?? '';
  const id = wanted.replace(/^-/, '');
  return {
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
    sort: sortable.includes(id) ? { id, descending: wanted.startsWith('-') } : fallback,
    hidden: (search.get('hide') ?? hidden.join(',')).split(',').filter((one) => one !== ''),
  };
}

const changed = (search: URLSearchParams, name: string, value: string | undefined): URLSearchParams => {
  const next = new URLSearchParams(search);
  if (value === undefined) next.delete(name);
  else next.set(name, value);
  return next;
};

export const withPage = (search: URLSearchParams, page: number): URLSearchParams =>
  changed(search, 'page', page === 1 ? undefined : String(page));

/** Another order begins at the first page. */
export const withSort = (search: URLSearchParams, sort: Sort): URLSearchParams =>
  changed(withPage(search, 1), 'sort', `${sort.descending ? '-' : ''}${sort.id}`);

/** Columns nobody has chosen yet. */
export const hiddenAtFirst = (columns: readonly { id: string; atFirst?: 'hidden' }[]): string[] =>
  columns.filter((column) => column.atFirst === 'hidden').map((column) => column.id);

export const withHidden = (
  search: URLSearchParams,
  hidden: readonly string[],
  atFirst: readonly string[] = [],
): URLSearchParams => {
  const usual = hidden.length === atFirst.length && hidden.every((id) => atFirst.includes(id));
  return changed(search, 'hide', usual ? undefined : hidden.join(','));
};
