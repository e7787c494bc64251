import { createHash } from 'node:crypto';
import type { Estate } from '#contracts/v1/estate.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { ConnectorError, type ConnectorErrorDetail } from '#sync-engine/connectors/connector.ts';
import { quantityFor } from '#sync-engine/stock/availability.ts';
import type { Publication } from '#sync-engine/stock/commands.ts';
import type { Outcome } from '#sync-engine/stock/cycle.ts';
import { itemKey, type StockState } from '#sync-engine/stock/state.ts';
import type { LoadedWriter } from '#sync-engine/stock/writer.ts';
import type { ConnectorCall } from './connector-call.ts';

/** Items of one call: what the channels' verb takes. */
const BATCH_ITEMS = 100;
const STOP_WITHIN_MS = 3_000;
const RETRY_FIRST_MS = 500;
const RETRY_LAST_MS = 60_000;

export interface PublisherOptions {
  channel: Estate['channels'][number];
  call: ConnectorCall;
  log: Log;
  now: () => Date;
  /** Pause between two calls, in ms: what changes meanwhile is coalesced. */
  everyMs: number;
}

/** Offers one channel what is due there: absolute quantities, oldest first, one call at a time. */
export interface Publisher {
  readonly channel: string;
  /** A partition came to this replica: what is due in it is found in its state, so nothing need be remembered. */
  attach(writer: LoadedWriter): Promise<void>;
  detach(partition: number): void;
  /** Takes note of what durable entries made due or confirmed. */
  note(partition: number, outcomes: readonly Outcome[]): void;
  /** Items not confirmed. */
  backlog(): number;
  stop(): Promise<void>;
}

interface Due {
  writer: LoadedWriter;
  sku: string;
  location: string;
  version: number;
  quantity: number;
}

export function startPublisher(options: PublisherOptions): Publisher {
  const { channel, call, log, now } = options;
  const writers = new Map<number, LoadedWriter>();
  const due = new Map<string, number>();
  let stopping = false;
  let wake: () => void = () => undefined;

  const pause = (ms: number | undefined): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      wake = () => {
        if (ms !== undefined && !stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });

  /** What the oldest due items should show now, from states in which everything is durable. */
  async function collect(): Promise<Due[]> {
    const keys = new Map<number, string[]>();
    for (const [key, partition] of [...due].slice(0, BATCH_ITEMS)) {
      const own = keys.get(partition);
      if (own) own.push(key);
      else keys.set(partition, [key]);
    }
    const found = await Promise.all(
      Array.from(keys, async ([partition, own]) => {
        const writer = writers.get(partition);
        if (!writer) return [];
        return writer.inspect((state) => {
          // Here, where nothing can come between: what is not due any more is forgotten.
          for (const key of own) if (!isDue(state, key, channel.id)) due.delete(key);
          return own.flatMap((key) => dueItem(state, key, channel.id, writer));
        });
      }),
    );
    return found.flat();
  }

  async function confirm(items: readonly Due[], sentAt: string, error?: Publication['error']): Promise<void> {
    const confirmedAt = now().toISOString();
    const byWriter = new Map<LoadedWriter, Publication[]>();
    for (const { writer, sku, location, version, quantity } of items) {
      const item = {
        sku,
        location,
        version,
        quantity,
        sent_at: sentAt,
        confirmed_at: confirmedAt,
        ...(error && { error }),
      };
      const own = byWriter.get(writer);
      if (own) own.push(item);
      else byWriter.set(writer, [item]);
    }
    crashPoint('stock.published.before');
    await Promise.all(
      Array.from(byWriter, ([writer, own]) => writer.execute({ type: 'published', channel: channel.id, items: own })),
    );
    crashPoint('stock.published.after');
  }

  /** Sends the items; those the channel refuses are isolated by halving, so that one bad item holds up no other. */
  async function send(items: readonly Due[]): Promise<void> {
    const sentAt = now().toISOString();
    try {
      crashPoint('stock.publish_call.before');
      const { accepted } = await call(channel.system, 'publish_availability', {
        batchKey: batchKey(channel.id, items),
        items: items.map(({ sku, location, quantity }) => ({ sku, location, quantity })),
      });
      crashPoint('stock.publish_call.after');
      if (accepted < items.length) throw new ConnectorError(leftOut(accepted, items.length));
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.detail.retryable) throw error;
      if (items.length === 1) {
        const { code, message } = error.detail;
        log.warn({ channel: channel.id, sku: items[0]?.sku, code }, 'the channel refused an item');
        return confirm(items, sentAt, { code: code.slice(0, 200), message: message.slice(0, 1000) });
      }
      await send(items.slice(0, items.length / 2));
      return send(items.slice(items.length / 2));
    }
    await confirm(items, sentAt);
  }

  const running = (async () => {
    let failures = 0;
    while (!stopping) {
      if (due.size === 0) await pause(undefined);
      if (stopping) return;
      try {
        const items = await collect();
        if (items.length > 0) await send(items);
        failures = 0;
        await pause(options.everyMs);
      } catch (error) {
        const backoffMs = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** failures++) * (0.5 + Math.random() / 2);
        const asked = error instanceof ConnectorError ? (error.detail.retryAfterMs ?? 0) : 0;
        const waitMs = Math.max(asked, backoffMs);
        if (!stopping)
          log.warn({ err: error, channel: channel.id, waitMs }, 'availability was not published; it stays due');
        await pause(waitMs);
      }
    }
  })();

  return {
    channel: channel.id,
    attach: async (writer) => {
      writers.set(writer.partition, writer);
      const keys = await writer.inspect((state) =>
        [...state.items.keys()].filter((key) => isDue(state, key, channel.id)),
      );
      for (const key of keys) due.set(key, writer.partition);
      wake();
    },
    detach: (partition) => {
      writers.delete(partition);
      for (const [key, of] of due) if (of === partition) due.delete(key);
    },
    note: (partition, outcomes) => {
      for (const { sku, location, behind } of outcomes) {
        if (behind.includes(channel.id)) due.set(itemKey(sku, location), partition);
        else due.delete(itemKey(sku, location));
      }
      if (due.size > 0) wake();
    },
    backlog: () => due.size,
    stop: async () => {
      stopping = true;
      wake();
      // A call under way is given a moment; unconfirmed, its items stay due and are sent again by the successor.
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([running, new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_WITHIN_MS)))]);
      clearTimeout(timer);
    },
  };
}

function isDue(state: StockState, key: string, channel: string): boolean {
  const item = state.items.get(key);
  const confirmed = item?.channels[channel];
  return (
    item !== undefined &&
    state.offering[item.location]?.channels[channel]?.publication === 'push' &&
    (confirmed?.version ?? -1) < item.version
  );
}

function dueItem(state: StockState, key: string, channel: string, writer: LoadedWriter): Due[] {
  const item = state.items.get(key);
  if (!item || !isDue(state, key, channel)) return [];
  const { sku, location, version } = item;
  return [{ writer, sku, location, version, quantity: quantityFor(item, channel, state.offering) }];
}

/** A channel may leave out items it does not carry without saying which: halving finds them. */
const leftOut = (accepted: number, sent: number): ConnectorErrorDetail => ({
  errorClass: 'rejected',
  code: 'NOT_ACCEPTED',
  message: `The channel accepted ${accepted} of ${sent} items.`,
  retryable: false,
  mayHaveHappened: true,
});

/** The same for the same quantities of the same versions: a repeat after a crash is recognised by the channel. */
function batchKey(channel: string, items: readonly Due[]): string {
  const hash = createHash('sha256').update(channel);
  for (const { sku, location, version, quantity } of items) hash.update(`\n${sku}@${location}@${version}=${quantity}`);
  return hash.digest('hex').slice(0, 32);
}
