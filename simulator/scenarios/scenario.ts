import type { System } from '#contracts/v1/estate.ts';
import type { Conditions } from '../conditions.ts';

/** Share of the orders with each trouble. */
export interface Troubles {
  unmappedTax: number;
  inactiveSku: number;
  /** Webhooks delivered twice. */
  duplicate: number;
  /** Orders cancelled by their customers soon after. */
  cancel: number;
}

/** What a scenario may act on while it runs. */
export interface ScenarioWorld {
  conditions: Conditions;
  /** Ids of the systems of a role. */
  systemsOf: (role: System['role']) => readonly string[];
  /** Extra orders for one SKU, so many a second, until the answer is called. */
  rush: (perSecond: number) => () => void;
  /** Cuts off a share of the stores until the answer is called. */
  cutOff: (share: number) => () => void;
  /** Third parties ship and tell of nothing until the answer is called. */
  holdAdvices: () => () => void;
}

/** How goods come back. */
export interface ReturnsPace {
  /** Seconds between two returns of the whole estate, on average. */
  everyS: number;
  /** Share of the parcels that say no reason. */
  missingReason: number;
}

export interface Scenario {
  name: string;
  description: string;
  troubles: Troubles;
  /** As on a quiet day, unless said. */
  returns?: ReturnsPace;
  /** How long it runs when nobody says, in seconds; undefined until another is chosen. */
  seconds?: number;
  /** Called when it begins, with how long it will run; the answer is called when it ends. */
  begin?(world: ScenarioWorld, seconds: number | undefined): () => void;
}

/** A quiet day: one order in 250 needs somebody's attention. */
export const mildTroubles: Troubles = { unmappedTax: 0.002, inactiveSku: 0.002, duplicate: 0.005, cancel: 0.015 };

/** A few returns a minute, hardly ever without a reason. */
export const mildReturns: ReturnsPace = { everyS: 25, missingReason: 0.01 };
