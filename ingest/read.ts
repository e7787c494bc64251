import { DeliverPolicy, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { Block } from './block.ts';
import type { Shard } from './source.ts';
import type { Validate } from './validate.ts';

export interface BlockLimits {
  /** A block is closed at this many events or bytes, … */
  events: number;
  bytes: number;
  /** … or this long after its first event, in ms. While an insert is under way it goes on growing. */
  lingerMs: number;
}

export interface BlockReader {
  /** The next block, or `idle` when nothing came for `idleMs`, or `ended` after `close`. */
  next(idleMs: number): Promise<Block | 'idle' | 'ended'>;
  close(): Promise<void>;
}

/** How many messages may be on their way to us; the client asks for more only as they are worked through. */
const inFlight = 4_000;

/**
 * Reads a shard in stream order from `from` and gathers blocks. At most one block is held ready while another is being
 * landed: behind that, reading stops. The messages up to `recoverUpTo` (0: none) become one block of their own.
 */
export async function readBlocks(
  js: JetStreamClient,
  options: {
    shard: Shard;
    from: number;
    recoverUpTo: number;
    limits: BlockLimits;
    validate: Validate;
    now: () => number;
  },
): Promise<BlockReader> {
  const { shard, limits, validate, now } = options;
  const consumer = await js.consumers.get(shard.landing.stream, {
    filter_subjects: shard.subject,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: options.from,
  });
  const messages = await consumer.consume({ max_messages: inFlight });

  let open: Block | undefined;
  let ended = false;
  let failure: unknown;
  let changed: () => void = () => undefined;
  let taken: () => void = () => undefined;

  const startBlock = (recovered: boolean): Block => {
    open = new Block({ shard: shard.number, openedAt: now(), recovered });
    return open;
  };
  const untilTaken = () =>
    new Promise<void>((resolve) => {
      taken = resolve;
      changed();
    });

  async function gather(): Promise<void> {
    if (options.recoverUpTo > 0) {
      const block = startBlock(true);
      // Its messages may have aged out, and nothing may have come since.
      block.sealed = (await consumer.info(true)).num_pending === 0;
      if (block.sealed) await untilTaken();
    }
    for await (const message of messages) {
      if (open?.recovered === true && message.seq > options.recoverUpTo) {
        open.sealed = true;
        await untilTaken();
        if (ended) return;
      }
      const block = open ?? startBlock(false);
      admit(block, message, shard, validate);
      if (block.messages === 1) changed();
      block.sealed = block.recovered
        ? message.seq >= options.recoverUpTo || message.info.pending === 0
        : block.messages >= limits.events || block.bytes >= limits.bytes;
      if (block.sealed) await untilTaken();
      if (ended) return;
    }
  }
  const gathering = gather()
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      ended = true;
      changed();
    });

  return {
    async next(idleMs) {
      const idleAt = now() + idleMs;
      for (;;) {
        if (failure !== undefined) throw failure instanceof Error ? failure : new Error('reading the stream failed');
        if (ended) return 'ended';
        const block = open;
        const closesAt = block === undefined || block.recovered ? Infinity : block.openedAt + limits.lingerMs;
        if (block !== undefined && (block.sealed || now() >= closesAt)) {
          open = undefined;
          taken();
          return block;
        }
        if (now() >= idleAt && block === undefined) return 'idle';
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(1, Math.min(closesAt, Math.max(idleAt, now() + 50)) - now()));
          changed = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async close() {
      ended = true;
      messages.stop();
      taken();
      changed();
      await gathering;
    },
  };
}

function admit(block: Block, message: JsMsg, shard: Shard, validate: Validate): void {
  const { seq, subject, data, info } = message;
  const arrivedMs = Math.floor(info.timestampNanos / 1_000_000);
  block.cover(seq, data.length, arrivedMs, info.pending);
  const verdict = validate({ subject, data, arrivedMs });
  if (!verdict.ok) {
    const { reason, path } = verdict;
    const raw = shard.landing.keepsRejectedText ? Buffer.from(data).toString() : '';
    block.reject({ seq, subject, raw, reason, path, arrivedMs });
    return;
  }
  block.add(shard.landing.monthly ? verdict.at.slice(0, 4) + verdict.at.slice(5, 7) : 'all', seq, data);
  if (verdict.key !== '') block.touch(verdict.key, verdict.flow);
}
