import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { KV } from '#platform/nats/kv.ts';
import type { Log } from '#platform/log.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Work } from '../flows/runner.ts';
import { enqueueWork, FLOW_QUEUE } from './queues.ts';
import { WaitingList } from './waiting-list.ts';

/** A decision is recorded within this, or its command has failed. */
const GRACE_MS = 30_000;

export interface KicksOptions {
  publisher: Publisher;
  /** Bucket of work that waits. */
  waiting: KV;
  log: Log;
  now: () => Date;
  graceMs?: number;
}

/** Lets any replica drive a transaction on. */
export class Kicks {
  readonly #options: KicksOptions;
  readonly #list: WaitingList;

  constructor(options: KicksOptions) {
    const { publisher, waiting, log } = options;
    this.#options = options;
    this.#list = new WaitingList(
      waiting,
      FLOW_QUEUE,
      (item, id) => enqueueWork(publisher, FLOW_QUEUE, item.sla_class, item.work, id),
      (error) => log.warn({ err: error }, 'could not drive on what was decided; trying again'),
    );
  }

  /** @param id makes a repeat harmless. */
  kick(work: Work, id: string): Promise<void> {
    return enqueueWork(this.#options.publisher, FLOW_QUEUE, 'urgent', work, `${work.key}:${id}`);
  }

  /**
   * Records a decision and drives its transaction on. A note made before it comes due should this process die in
   * between: then another replica does so. A drive that finds nothing to do is cheap, so nobody takes the note back.
   */
  async after<T>(work: Work, decide: () => Promise<T>): Promise<T> {
    const due = new Date(this.#options.now().getTime() + (this.#options.graceMs ?? GRACE_MS)).toISOString();
    await this.#list.add({ due, sla_class: 'urgent', work });
    // Also after a failure: the decision may have been recorded although nobody heard so.
    return decide().finally(() => this.kick(work, randomUUID()));
  }

  /** Follows the notes until the signal aborts. To be run under a lease. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#list.open();
    if (!signal.aborted) await once(signal, 'abort');
    this.#list.close();
  }
}
