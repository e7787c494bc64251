export const inventoryPath = '/inventory';
export const stockChangesPath = '/stock-changes';
/** Rows of a page of either list. */
export const itemPageSize = 50;
export const changePageSize = 50;
/** Where the list stands on its page, below the figures that lead to it. */
export const listId = 'list';

/** Each SKU has one page; a slash in a SKU is part of its name. */
export const skuPath = (sku: string, range = ''): string => `${inventoryPath}/${encodeURIComponent(sku)}${range}`;

type Asked = Record<string, string | readonly string[] | undefined>;

function addressOf(path: string, range: string, asked: Asked): string {
  const search = new URLSearchParams(range);
  for (const [name, value] of Object.entries(asked))
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) search.append(name, one);
  return `${path}?${search.toString()}#${listId}`;
}

/** Address of the items that a figure counts. @param range - the time range's part of the address, or nothing */
export const itemsAsked = (range: string, asked: Asked): string => addressOf(inventoryPath, range, asked);

/** Address of the events that a figure counts. */
export const changesAsked = (range: string, asked: Asked): string => addressOf(stockChangesPath, range, asked);

/** Address of the events of one SKU within the range, of these kinds or of all. @param path - the SKU's page */
export const historyAsked = (path: string, range: string, kinds: readonly string[]): string =>
  addressOf(path, range, { kind: kinds });

export const rangeOf = (from: string, to: string): string =>
  `?${new URLSearchParams({ range: 'custom', from, to }).toString()}`;
