export const connectorsPath = '/connectors';
/** Address of a connector's page. */
export const connectorPath = (id: string): string => `${connectorsPath}/${encodeURIComponent(id)}`;
/** The list of what fails before long. */
export const warningsPath = `${connectorsPath}#warnings`;
