import type { SystemKind } from './vendors/vendor.ts';
import { createRandom, type Random } from './random.ts';

/**
 * error: an internal error of the vendor. timeout: the call is held and never answered. lost_answer: the call takes
 * effect, the connection breaks before the answer. throttle: refused as too fast, with Retry-After. lost_webhook: an order
 * is placed and the shop never tells of it.
 */
export const faultKinds = ['error', 'timeout', 'lost_answer', 'throttle', 'lost_webhook'] as const;
export type FaultKind = (typeof faultKinds)[number];
/** What can happen to a call that is made to a vendor. */
type CallFault = Exclude<FaultKind, 'lost_webhook'>;

interface Fault {
  kind: FaultKind;
  probability: number;
  /** Epoch milliseconds; the fault ends then. */
  until: number;
}

/** Median and spread of a vendor's answering time, in milliseconds, as merchants commonly see it. */
const latencies: Record<SystemKind, { median: number; sigma: number }> = {
  shopify: { median: 110, sigma: 0.45 },
  amazon: { median: 180, sigma: 0.5 },
  netsuite: { median: 320, sigma: 0.5 },
  'rest-wms': { median: 55, sigma: 0.4 },
  taxjar: { median: 70, sigma: 0.5 },
  signifyd: { median: 160, sigma: 0.5 },
  stripe: { median: 220, sigma: 0.4 },
  zendesk: { median: 140, sigma: 0.5 },
  smtp: { median: 30, sigma: 0.4 },
};

/** What is wrong with the world at this moment, by system; changed at run time by scenarios and tests. */
export interface Conditions {
  readonly limits: boolean;
  setLimits(enabled: boolean): void;
  setLatency(enabled: boolean, factor?: number): void;
  /** Latency is off while history is pushed through, whatever `setLatency` says. */
  suspendLatency(suspended: boolean): void;
  setFault(system: string, kind: FaultKind, probability: number, until?: number): void;
  clearFaults(system?: string): void;
  /** An app in the system changes every price, title and user's name that is set. */
  setPriceDrift(system: string, drifts: boolean): void;
  driftsPrices(system: string): boolean;
  /** A marketplace's payouts do not agree with its orders. */
  setPayoutMismatch(system: string, wrong: boolean): void;
  misstatesPayouts(system: string): boolean;
  setMaintenance(system: string, until: number): void;
  /** Milliseconds of maintenance left, 0 when none runs. */
  maintenanceLeft(system: string): number;
  /** The fault that strikes this call, if one does. */
  strike(system: string): CallFault | undefined;
  /** Is the webhook of the order just placed there never sent? */
  losesWebhook(system: string): boolean;
  /** Milliseconds this call takes, 0 with latency off. */
  latency(kind: SystemKind): number;
  describe(): unknown;
}

export function createConditions(options: { latency: boolean; limits: boolean; seed: string }): Conditions {
  const random: Random = createRandom(`conditions ${options.seed}`);
  const faults = new Map<string, Fault[]>();
  const drifting = new Set<string>();
  const misstating = new Set<string>();
  const maintenance = new Map<string, number>();
  let limits = options.limits;
  let factor = options.latency ? 1 : 0;
  let suspended = false;
  const strikes = ({ until, probability }: Fault) => until > Date.now() && random.chance(probability);
  return {
    get limits() {
      return limits;
    },
    setLimits: (enabled) => void (limits = enabled),
    setLatency: (enabled, by = 1) => void (factor = enabled ? by : 0),
    suspendLatency: (value) => void (suspended = value),
    setFault: (system, kind, probability, until = Infinity) => {
      const others = (faults.get(system) ?? []).filter((fault) => fault.kind !== kind);
      if (probability > 0) others.push({ kind, probability, until });
      if (others.length === 0) faults.delete(system);
      else faults.set(system, others);
    },
    clearFaults: (system) => void (system === undefined ? faults.clear() : faults.delete(system)),
    setPriceDrift: (system, drifts) => void (drifts ? drifting.add(system) : drifting.delete(system)),
    driftsPrices: (system) => drifting.has(system),
    setPayoutMismatch: (system, wrong) => void (wrong ? misstating.add(system) : misstating.delete(system)),
    misstatesPayouts: (system) => misstating.has(system),
    setMaintenance: (system, until) => void maintenance.set(system, until),
    maintenanceLeft: (system) => {
      const until = maintenance.get(system);
      return until === undefined ? 0 : Math.max(0, until - Date.now());
    },
    strike: (system) => {
      for (const fault of faults.get(system) ?? [])
        if (fault.kind !== 'lost_webhook' && strikes(fault)) return fault.kind;
      return undefined;
    },
    losesWebhook: (system) =>
      faults.get(system)?.some((fault) => fault.kind === 'lost_webhook' && strikes(fault)) === true,
    latency: (kind) => {
      if (factor === 0 || suspended) return 0;
      const { median, sigma } = latencies[kind];
      return Math.min(random.lognormal(median, sigma), median * 8) * factor;
    },
    describe: () => ({
      limits,
      latency_factor: suspended ? 0 : factor,
      faults: Object.fromEntries(faults),
      maintenance_until: Object.fromEntries(maintenance),
    }),
  };
}
