import { setTimeout as delay } from 'node:timers/promises';
import { JetStreamApiError } from '@nats-io/jetstream';
import { TimeoutError } from '@nats-io/nats-core';

const SUBJECTS_OVERLAP = 10065;
const TRIES = 5;
const PAUSE_MS = 50;

/**
 * Repeats what creates a stream where it is missing: of two processes that do so at once, a server may tell one of them
 * that the subjects overlap with a stream, which is the very one that the other just made, or never answer it.
 * @throws what `create` throws, also where another stream does have the subjects
 */
export async function createdAtOnce<T>(create: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await create();
    } catch (error) {
      const overlap = error instanceof JetStreamApiError && error.code === SUBJECTS_OVERLAP;
      if (!(overlap || error instanceof TimeoutError) || tries === TRIES) throw error;
      await delay(PAUSE_MS);
    }
  }
}
