import { setTimeout as delay } from 'node:timers/promises';
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import type { System } from '#contracts/v1/estate.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import { maintenanceUntil } from '#platform/maintenance.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Gate } from './call-worker.ts';
import { BREAKER_OPEN, MAINTENANCE, OVERDUE, PAUSED_BY_HAND } from './paused.ts';
import { createRateLimit } from './rate-limit.ts';
import { RateMeter } from './rate-meter.ts';

export interface ConnectorGate {
  run: Gate;
  state(): 'closed' | 'open' | 'half_open';
  /** Has a person paused it? */
  paused: () => boolean;
  /** Is it only observed, as people decided or the estate has it? Then what is meant for it is passed over. */
  observed(): boolean;
  /** While a person drains it: the last sequence of WORK that is still sent. */
  drainTo(): number | undefined;
  /** The end of the maintenance window that runs, declared or planned. */
  maintenanceUntil(): Date | undefined;
  /** Calls that it let through a second, over the last minute: of its queue and of everything else. */
  callsPerSecond(): number;
  /** Told on every change of the breaker, and when a person pauses or resumes connectors. */
  onChange(listener: () => void): void;
}

/** A refusal says that the system is well, and a call we were too slow to make says nothing; only these mean that it is not. */
const isOutage = (error: unknown) =>
  error instanceof ConnectorError &&
  error.detail.code !== OVERDUE &&
  (error.detail.errorClass === 'unavailable' || error.detail.errorClass === 'timeout');

/** What people decided; without it nobody can pause. */
export type Switches = Pick<ConnectorSwitches, 'get' | 'onChange'>;

/** Maintenance windows, rate limit and circuit breaker of one connector, as the estate declares them, and its switch. */
export function createGate(
  system: System,
  now: () => Date = () => new Date(),
  switches: Switches | undefined = undefined,
): ConnectorGate {
  const { limits } = system;
  const rate = createRateLimit(limits.rate_per_s, () => performance.now());
  const calls = new RateMeter(() => performance.now());
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: limits.breaker_open_s * 1000,
    breaker: new ConsecutiveBreaker(limits.breaker_failures),
  });
  const decided = () => switches?.get(system.id);
  const paused = () => decided()?.paused ?? false;
  const inWindowUntil = () => maintenanceUntil(system, now(), decided()?.windows);
  return {
    run: async (call) => {
      if (paused()) throw pausedByHand(system);
      const closedUntil = inWindowUntil();
      if (closedUntil !== undefined) throw inMaintenance(system, closedUntil.getTime() - now().getTime());
      const wait = rate.take();
      if (wait > 0) await delay(wait);
      // Whoever pauses means what waits for the rate limit too.
      if (paused()) throw pausedByHand(system);
      try {
        return await breaker.execute(() => {
          calls.count();
          return call();
        });
      } catch (error) {
        throw translate(error, system);
      }
    },
    state: () => stateNames[breaker.state],
    paused,
    observed: () => (decided()?.mode?.mode ?? system.mode) === 'observe',
    drainTo: () => decided()?.drain_to,
    maintenanceUntil: inWindowUntil,
    callsPerSecond: () => calls.perSecond(),
    onChange: (listener) => {
      breaker.onStateChange(listener);
      switches?.onChange(listener);
    },
  };
}

const stateNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const;

const pausedByHand = (system: System): ConnectorError =>
  new ConnectorError({
    errorClass: 'unavailable',
    code: PAUSED_BY_HAND,
    message: `${system.name} is paused; nothing is sent until somebody resumes it`,
    retryable: true,
    mayHaveHappened: false,
  });

const inMaintenance = (system: System, retryAfterMs: number): ConnectorError =>
  new ConnectorError({
    errorClass: 'unavailable',
    code: MAINTENANCE,
    message: `${system.name} is in a maintenance window; nothing is sent until it ends`,
    retryable: true,
    retryAfterMs,
    mayHaveHappened: false,
  });

function translate(error: unknown, system: System): unknown {
  if (error instanceof BrokenCircuitError)
    return new ConnectorError({
      errorClass: 'unavailable',
      code: BREAKER_OPEN,
      message: `${system.name} has failed repeatedly; calls are paused until it recovers`,
      retryable: true,
      mayHaveHappened: false,
    });
  return error;
}
