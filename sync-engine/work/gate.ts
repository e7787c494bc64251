import { setTimeout as delay } from 'node:timers/promises';
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import type { System } from '#contracts/v1/estate.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Gate } from './call-worker.ts';
import { maintenanceUntil } from './maintenance.ts';
import { BREAKER_OPEN, MAINTENANCE } from './paused.ts';
import { createRateLimit } from './rate-limit.ts';

export interface ConnectorGate {
  run: Gate;
  state(): 'closed' | 'open' | 'half_open';
  /** Told on every change of the breaker. */
  onChange(listener: () => void): void;
}

/** A refusal says that the system is well; only these mean that it is not. */
const isOutage = (error: unknown) =>
  error instanceof TaskCancelledError ||
  (error instanceof ConnectorError &&
    (error.detail.errorClass === 'unavailable' || error.detail.errorClass === 'timeout'));

/** Maintenance windows, rate limit, timeout and circuit breaker of one connector, as the estate declares them. */
export function createGate(system: System, now: () => Date = () => new Date()): ConnectorGate {
  const { limits } = system;
  const rate = createRateLimit(limits.rate_per_s, () => performance.now());
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: limits.breaker_open_s * 1000,
    breaker: new ConsecutiveBreaker(limits.breaker_failures),
  });
  // The signal of a call that has ended means nothing to anybody, and to abort it costs as much as an error.
  const patience = { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false } as const;
  const policy = wrap(breaker, timeout(limits.timeout_s * 1000, patience));
  return {
    run: async (call) => {
      const closedUntil = maintenanceUntil(system, now());
      if (closedUntil !== undefined) throw inMaintenance(system, closedUntil.getTime() - now().getTime());
      const wait = rate.take();
      if (wait > 0) await delay(wait);
      try {
        // A signal of its own: the policy would hang a listener for every call under way on one that they all share.
        return await policy.execute(({ signal }) => call(signal), new AbortController().signal);
      } catch (error) {
        throw translate(error, system);
      }
    },
    state: () => stateNames[breaker.state],
    onChange: (listener) => void breaker.onStateChange(listener),
  };
}

const stateNames = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const;

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
  if (error instanceof TaskCancelledError)
    return new ConnectorError({
      errorClass: 'timeout',
      code: 'timeout',
      message: `${system.name} did not answer within ${system.limits.timeout_s} s`,
      retryable: true,
      mayHaveHappened: true,
    });
  return error;
}
