import { type Shipment, shipment as shipmentSchema } from '#contracts/v1/fulfilment.ts';
import type { Signal } from '../state.ts';
import type { Shipped } from './order-data.ts';

/** A parcel as whoever ships it knows it. */
export interface ToldParcel {
  system: string;
  number: string;
}

/**
 * The signals by which a parcel is told: the same whoever tells it, and never another one's, although each warehouse
 * numbers its parcels for itself.
 */
export const shipmentSignal = ({ system, number }: ToldParcel): string => `shipment:${system}:${number}`;
export const deliverySignal = ({ system, number }: ToldParcel): string => `delivery:${system}:${number}`;

export const parcelOf = (signal: Signal): Shipment => shipmentSchema.parse(signal.data);

/** Parcels that an order was told of and has not come to: they have left, and their goods are still on the books. */
export const parcelsToBook = (inbox: readonly Signal[]): Shipment[] =>
  inbox.filter(({ type }) => type === 'shipment').map(parcelOf);

/** The parcel's number in its order: its warehouse's own, unless another warehouse has given it there already. */
export function numberInOrder(shipments: readonly Shipped[], { system, number }: ToldParcel): string {
  const taken = new Set(shipments.map(({ shipment_id }) => shipment_id));
  let name = number;
  while (taken.has(name)) name += `.${system}`;
  return name;
}
