/** How fast warehouses work, in milliseconds from the release and from the shipment, and how often they split. */
export interface ShippingPace {
  shipAfterMs: readonly [number, number];
  deliverAfterMs: readonly [number, number];
  /** Share of the orders of more than one unit that leave in two parcels. */
  splitShare: number;
}

/** A warehouse day in a minute or two, for watching. */
export const watchablePace: ShippingPace = {
  shipAfterMs: [5_000, 60_000],
  deliverAfterMs: [30_000, 120_000],
  splitShare: 0.15,
};

/** At once, for benchmarks and tests. */
export const immediatePace: ShippingPace = { shipAfterMs: [0, 0], deliverAfterMs: [0, 0], splitShare: 0 };

/** The hours history shipped and was delivered after it was placed, so that a day of it shows every stage. */
export const historicPace: ShippingPace = {
  shipAfterMs: [40 * 60_000, 6 * 3_600_000],
  deliverAfterMs: [2 * 3_600_000, 9 * 3_600_000],
  splitShare: 0.15,
};
