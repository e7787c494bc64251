/** Address of a store's page. */
export const storePath = (id: string): string => `/stores/${encodeURIComponent(id)}`;
