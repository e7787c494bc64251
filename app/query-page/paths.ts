/** Longer texts are no deep link: browsers and proxies cut addresses. */
const longestLink = 6_000;

/** The page with a saved query or with a text, in the time range of `search`. */
export function queryPath(search: URLSearchParams, to: { saved: string } | { sql: string }): string {
  const next = new URLSearchParams(search);
  next.delete('saved');
  next.delete('q');
  if ('saved' in to) next.set('saved', to.saved);
  else next.set('q', to.sql);
  return `/query?${next.toString()}`;
}

export const isLinkable = (sql: string): boolean => encodeURIComponent(sql).length <= longestLink;
