import type { Log } from '#platform/log.ts';
import type { Identity } from '../identity.ts';
import { ToldByOthers } from '../refusal.ts';
import type { Arrival } from './arrival.ts';

/** What an arrival comes to; undefined where it is about what another system tells of: then it is left alone. */
export async function unlessToldByOthers<T>(
  { seq }: Arrival,
  take: () => Promise<T>,
  { identity, log }: { identity: Pick<Identity, 'release'>; log: Log },
): Promise<T | undefined> {
  try {
    return await take();
  } catch (error) {
    if (!(error instanceof ToldByOthers)) throw error;
    const { flow, key } = error;
    // Nothing began: once what the others told has aged out, the transaction is as unknown as it was.
    await identity.release(flow, key, seq);
    log.info({ flow, key, intake_seq: seq }, 'an arrival for what another system tells of is left alone');
    return undefined;
  }
}
