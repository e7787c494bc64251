export const postingsPath = '/postings';
/** Rows of a page of the list of postings. */
export const postingPageSize = 50;

interface PostingsAsked {
  state?: string;
  system?: string;
  entity?: string;
  document?: string;
  cause?: string;
  prevented?: '1';
}

/** Where the list stands on its page, below the figures that lead to it. */
export const listId = 'list';

/**
 * Address of the postings that a figure counts.
 * @param range - the time range's part of the address, "?range=1h", or nothing
 */
export function postingsAsked(range: string, asked: PostingsAsked): string {
  const search = new URLSearchParams(range);
  for (const [name, value] of Object.entries(asked) as [string, string][]) search.append(name, value);
  return `${postingsPath}?${search.toString()}#${listId}`;
}
