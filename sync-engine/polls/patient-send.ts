import { setTimeout as delay } from 'node:timers/promises';
import { ConnectorError, type Send } from '../connectors/connector.ts';
import { parseRetryAfter } from '../connectors/transport/classify.ts';

const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;

/**
 * Waits where a quota is used up, told by the connector itself or by a 429, as long as it takes: nobody waits for the
 * answer, and to give up would mean to begin the window again.
 * @throws ConnectorError as `send` does; an AbortError once the signal is given.
 */
export const patientSend =
  (send: Send, signal: AbortSignal): Send =>
  async (call) => {
    for (let refused = 0; ; refused++) {
      const usual = Math.min(FIRST_WAIT_MS * 2 ** refused, LAST_WAIT_MS);
      try {
        const answer = await send(call);
        if (answer.status !== 429) return answer;
        await delay(parseRetryAfter(answer.headers['retry-after'], Date.now()) ?? usual, undefined, { signal });
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.detail.errorClass !== 'throttled') throw error;
        await delay(error.detail.retryAfterMs ?? usual, undefined, { signal });
      }
    }
  };
