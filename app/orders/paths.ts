/** Address of an order's page. */
export const orderPath = (key: string): string => `/orders/${encodeURIComponent(key)}`;
/** Address of a case's page. */
export const casePath = (id: string): string => `/quarantine/${encodeURIComponent(id)}`;
/** Rows of a page of the order list. */
export const orderPageSize = 50;
