import type { StockDrift } from '#app/queries/inventory-items.ts';
import type { SkuPosition } from '#app/queries/stock-changes.ts';
import { type EstateNames, estateNames } from '#app/words/names.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { offerable, sellable } from '#contracts/v1/stock-rules.ts';
import { type DriftLine, type ItemLine, presentDrift } from './inventory-items.ts';

export interface ChannelOffer {
  channel: string;
  name: string;
  allocation: number;
  sellable: number;
  /** Of a channel that is told: how that stands. A channel that reads availability by itself has none. */
  item: Pick<ItemLine, 'condition' | 'word' | 'published' | 'confirmedAt' | 'waitsSince'> | undefined;
  drifts: DriftLine[];
}

/** One location's stock as an equation: onHand − reserved − safety = offerable, of which each channel has its share. */
export interface LocationOffer {
  location: string;
  name: string;
  onHand: number;
  reserved: number;
  safety: number;
  offerable: number;
  /** The equation came to less than nothing: nothing is offered. */
  short: boolean;
  inTransit: number;
  changedAt: string;
  /** Against the ERP and the warehouse. */
  drifts: DriftLine[];
  channels: ChannelOffer[];
}

/** A SKU taken apart, location by location, by the rules that the engine decides by. Pure. */
export function takeApart(
  positions: readonly SkuPosition[],
  items: readonly ItemLine[],
  drifts: readonly StockDrift[],
  estate: Estate,
): LocationOffer[] {
  const names = estateNames(estate);
  return positions.map((position) => {
    const safety = estate.locations.find(({ id }) => id === position.location)?.safety_stock ?? 0;
    const own = drifts.filter(({ location }) => location === position.location);
    return {
      location: position.location,
      name: names.locations[position.location] ?? position.location,
      onHand: position.on_hand,
      reserved: position.reserved,
      safety,
      offerable: offerable(position, safety),
      short: position.on_hand - position.reserved < safety,
      inTransit: position.in_transit,
      changedAt: position.changed_at,
      drifts: linesOf(own, '', names),
      channels: estate.channels
        .filter(({ locations }) => locations.includes(position.location))
        .map(({ id, name, allocation_percent }) => ({
          channel: id,
          name,
          allocation: allocation_percent,
          sellable: sellable(position, safety, allocation_percent),
          item: items.find(({ channelId, locationId }) => channelId === id && locationId === position.location),
          drifts: linesOf(own, id, names),
        })),
    };
  });
}

const linesOf = (drifts: readonly StockDrift[], channel: string, names: EstateNames): DriftLine[] =>
  drifts.filter((drift) => drift.channel === channel).map((drift) => presentDrift(drift, names));
