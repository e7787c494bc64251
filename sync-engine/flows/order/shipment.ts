import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { Shipped } from './order-data.ts';

/** The canonical shipment of what the checkpoint keeps. */
export const canonicalShipment = (orderKey: string, shipped: Shipped): Shipment => ({
  schema_version: 1,
  order_key: orderKey,
  ...shipped,
});
