import type { System } from '#contracts/v1/estate.ts';
import { ConnectorError } from '../connector.ts';

/** What a call comes to whose answer did not arrive in time: the system may have acted on it all the same. */
export function timedOut(system: System, afterMs: number, cause?: unknown): ConnectorError {
  const message = `${system.name} did not answer within ${afterMs / 1000} s.`;
  return new ConnectorError(
    { errorClass: 'timeout', code: 'TIMEOUT', message, retryable: true, mayHaveHappened: true },
    { cause },
  );
}
