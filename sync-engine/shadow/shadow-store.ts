import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { shadowRun, type ShadowRun } from '#contracts/v1/shadow.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';

export interface StoredShadow {
  state: ShadowRun;
  seq: number;
}

/** One message is no larger than this; what NATS takes by default is 1 MiB. */
const LARGEST = 900_000;

/** Shadow runs, the state of each in the last message of its subject; two changes of one revision cannot both happen. */
export class ShadowStore {
  readonly #publisher: Publisher;
  readonly #manager: JetStreamManager;
  readonly #nonce: string;
  readonly #now: () => Date;
  #writes = 0;

  constructor(publisher: Publisher, manager: JetStreamManager, nonce: string, now: () => Date) {
    this.#publisher = publisher;
    this.#manager = manager;
    this.#nonce = nonce;
    this.#now = now;
  }

  /** The run as it is now, asked of the leader. */
  async get(id: string): Promise<StoredShadow | undefined> {
    const last = await readLast(this.#manager, streams.repairs, subjects.shadowRun(id));
    return last && { state: shadowRun.parse(last.json()), seq: last.seq };
  }

  create(
    state: Omit<ShadowRun, 'v' | 'event_id' | 'revision' | 'updated_at' | 'writer'>,
  ): Promise<StoredShadow | undefined> {
    return this.#append(undefined, state);
  }

  /** @returns undefined where somebody else was first. */
  change(current: StoredShadow, patch: Partial<ShadowRun>): Promise<StoredShadow | undefined> {
    return this.#append(current, { ...current.state, ...patch });
  }

  /** Takes out what a run said of itself on the way; its last state stays. */
  async tidy(id: string): Promise<void> {
    await this.#manager.streams.purge(streams.repairs, { filter: subjects.shadowRun(id), keep: 1 });
  }

  /** Takes a run out altogether, with what it found: that is kept nowhere else. */
  async forget(id: string): Promise<void> {
    await this.#manager.streams.purge(streams.repairs, { filter: subjects.shadowRun(id) });
  }

  async #append(
    current: StoredShadow | undefined,
    wanted: Omit<ShadowRun, 'v' | 'event_id' | 'revision' | 'updated_at' | 'writer'>,
  ): Promise<StoredShadow | undefined> {
    const writer = `${this.#nonce}-s${(++this.#writes).toString(36)}`;
    const revision = (current?.state.revision ?? 0) + 1;
    const { shadow_id } = wanted;
    const event_id = `shadow:${shadow_id}:${revision}`;
    const { state, data } = fitting({
      ...wanted,
      v: 1,
      event_id,
      revision,
      updated_at: this.#now().toISOString(),
      writer,
    });
    const result = await publishFenced(this.#publisher, this.#manager, {
      stream: streams.repairs,
      subject: subjects.shadowRun(shadow_id),
      data,
      msgId: event_id,
      expectedSeq: current?.seq ?? 0,
      isMine: (last: StoredMsg) => last.json<{ writer: string }>().writer === writer,
    });
    return result.won ? { state, seq: result.seq } : undefined;
  }
}

/** The state with as many of its groups as one message can hold, those of most orders first. */
function fitting(state: ShadowRun): { state: ShadowRun; data: Uint8Array } {
  const data = Buffer.from(JSON.stringify(state));
  if (data.length <= LARGEST || state.differences.length === 0) return { state, data };
  const message = 'There are more groups of differences than could be kept; the largest are listed.';
  return fitting({ ...state, message, differences: state.differences.slice(0, state.differences.length >> 1) });
}
