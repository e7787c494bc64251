export const connectorsPath = '/connectors';
/** Address of a connector's page. */
export const connectorPath = (id: string): string => `${connectorsPath}/${encodeURIComponent(id)}`;
