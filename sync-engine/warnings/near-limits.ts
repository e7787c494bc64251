import type { JetStreamManager } from '@nats-io/jetstream';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import type { System } from '#contracts/v1/estate.ts';
import type { Evaluator, Findings, Found } from './evaluator.ts';

export interface NearLimitsOptions {
  systems: readonly System[];
  /** Nothing is sent to it. */
  isObserved: (system: string) => boolean;
  /** What the engine last said of each connector, by id. */
  states: () => ReadonlyMap<string, ConnectorState>;
  manager: Pick<JetStreamManager, 'getAccountInfo'>;
  now: () => Date;
}

const EVERY_MS = 60_000;
/** A state that was not renewed for this long says nothing any more. */
const STALE_MS = 60_000;
/** Share of a rate from which on it is nearly used, and of a store; a store fuller than `FULL` is pressing. */
const NEARLY = 0.9;
const NEARLY_FULL = 0.8;
const FULL = 0.95;

/** Calls to a system near the rate that was agreed for it, and NATS near the storage that it may take. */
export function nearLimits({ systems, isObserved, states, manager, now }: NearLimitsOptions): Evaluator {
  return {
    kind: 'limit_near',
    everyMs: EVERY_MS,
    async evaluate() {
      const findings: Findings = { warnings: [], unknown: [] };
      for (const system of systems.filter(({ id }) => !isObserved(id))) {
        const found = rateNear(system, states().get(system.id), now());
        if (found === 'unknown')
          findings.unknown.push({
            ...aboutRate(system),
            message: 'The engine has not said for a minute how often it calls it.',
          });
        else if (found !== undefined) findings.warnings.push(found);
      }
      const { storage, limits } = await manager.getAccountInfo();
      if (limits.max_storage > 0) findings.warnings.push(...storageNear(storage, limits.max_storage));
      else
        findings.unknown.push({
          ...aboutStorage,
          message: 'The account of NATS has no limit of its own: what is left of its disk is not told to Syncline.',
        });
      return findings;
    },
  };
}

const aboutRate = ({ id, name }: System) => ({ id: `rate ${id}`, system: id, subject: `${name}: calls a second` });
const aboutStorage = { id: 'storage', system: '' as const, subject: 'NATS: storage' };

/** Whether calls of the last minute came near the rate of the estate, which each replica keeps to by itself; nothing where it has none. Pure. */
export function rateNear(system: System, state: ConnectorState | undefined, now: Date): Found | 'unknown' | undefined {
  const most = system.limits.rate_per_s;
  if (most === undefined) return undefined;
  if (state === undefined || now.getTime() - Date.parse(state.updated_at) > STALE_MS) return 'unknown';
  if (state.rate_per_s < most * NEARLY) return undefined;
  const waiting = state.pending + state.waiting;
  return {
    ...aboutRate(system),
    severity: 'warn',
    message: `${state.rate_per_s.toFixed(1)} of ${most} calls a second were used over the last minute. ${waiting === 0 ? 'Nothing waits yet; what comes faster will' : `What comes faster waits: ${waiting} messages do`}.`,
    remedy: `Ask ${system.name} for a higher rate and write it as limits.rate_per_s, or stop what calls so often: repairs, comparisons, imports.`,
  };
}

/** Whether the streams fill what NATS may store. In bytes. Pure. */
export function storageNear(used: number, most: number): Found[] {
  if (used < most * NEARLY_FULL) return [];
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  return [
    {
      ...aboutStorage,
      severity: used < most * FULL ? 'warn' : 'bad',
      message: `${gigabytes(used)} of ${gigabytes(most)} GB are used. Once it is full, NATS takes nothing more: webhooks are refused and every flow stops.`,
      remedy: 'Give the account more storage, or keep events for a shorter time (RETENTION_DAYS).',
    },
  ];
}
