export const webhooksPath = '/webhooks';
/** Address of a webhook's page. */
export const webhookPath = (id: string): string => `${webhooksPath}/${encodeURIComponent(id)}`;
/** Rows of a page of the delivery log. */
export const deliveryPageSize = 50;
