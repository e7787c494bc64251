export const reconciliationPath = '/reconciliation';
export const runPath = (id: string): string => `${reconciliationPath}/runs/${encodeURIComponent(id)}`;
export const breakPath = (id: string): string => `${reconciliationPath}/breaks/${encodeURIComponent(id)}`;
/** Rows of a page of the list of breaks. */
export const breakPageSize = 50;
