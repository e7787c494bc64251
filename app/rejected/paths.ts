export const rejectedPath = '/rejected';
/** Rows of a page of the list of rejected events. */
export const rejectedPageSize = 50;

interface RejectedAsked {
  stream?: string;
  field?: string;
  why?: string;
}

/** Where the list stands on its page, below the reasons that lead to it. */
export const listId = 'list';

/**
 * Address of the rejected events that a figure counts.
 * @param range - the time range's part of the address, "?range=1h", or nothing
 */
export function rejectedAsked(range: string, asked: RejectedAsked): string {
  const search = new URLSearchParams(range);
  for (const [name, value] of Object.entries(asked) as [string, string][]) search.append(name, value);
  return `${rejectedPath}?${search.toString()}#${listId}`;
}

/** Address of one rejected event. */
export const rejectedEventPath = (id: string): string => `${rejectedPath}/${encodeURIComponent(id)}`;
