export const reconciliationPath = '/reconciliation';
export const runPath = (id: string): string => `${reconciliationPath}/runs/${encodeURIComponent(id)}`;
export const breakPath = (id: string): string => `${reconciliationPath}/breaks/${encodeURIComponent(id)}`;
export const fetchPath = `${reconciliationPath}/fetch`;
/** The open breaks that are orders which never arrived. */
export const missingOrdersPath = `${reconciliationPath}?domain=orders`;
/** One fetcher for it, so that the page says what came of it once nothing is missing any more. */
export const fetchKey = 'fetch-missing-orders';
/** Missing orders that are fetched at one press. */
export const fetchLimit = 100;
/** Rows of a page of the list of breaks. */
export const breakPageSize = 50;
