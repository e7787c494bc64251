import { type JetStreamClient, type JetStreamManager, DeliverPolicy } from '@nats-io/jetstream';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { apply } from './apply.ts';
import type { Outcome } from './cycle.ts';
import { journalEntry } from './journal.ts';
import type { SnapshotStore } from './snapshot.ts';
import { emptyState, fromDocument, type StockState } from './state.ts';

export interface Loaded {
  state: StockState;
  /** Stream sequence of the partition's last journal entry, 0 where it has none. */
  seq: number;
  /** Journal entries the snapshot held; the rest were replayed. */
  snapshotN: number;
}

/**
 * The state of a partition from its latest snapshot and the journal after it. `onReplayed` gets the outcomes of every
 * entry replayed, so that what a crash left unpublished can be published.
 */
export async function loadPartition(
  js: JetStreamClient,
  manager: JetStreamManager,
  snapshots: SnapshotStore,
  partition: number,
  onReplayed: (n: number, outcomes: Outcome[]) => void,
): Promise<Loaded> {
  const snapshot = await snapshots.load(partition);
  const state = snapshot ? fromDocument(JSON.parse(snapshot.text)) : emptyState();
  const subject = subjects.stockJournal(partition);
  const last = await readLast(manager, streams.stock, subject);
  const after = snapshot?.seq ?? 0;
  // The fence is what the stream holds, which may be nothing once the snapshot has everything.
  const loaded = { state, seq: last?.seq ?? 0, snapshotN: state.n };
  if (!last || last.seq <= after) return loaded;
  const consumer = await js.consumers.get(streams.stock, {
    filter_subjects: subject,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: after + 1,
  });
  const messages = await consumer.consume({ max_messages: 1000 });
  for await (const message of messages) {
    const entry = journalEntry.parse(message.json());
    if (entry.n !== state.n + 1)
      throw new Error(`The journal of stock partition ${partition} has a gap: entry ${entry.n} follows ${state.n}.`);
    onReplayed(entry.n, apply(state, entry));
    if (message.seq >= last.seq) break;
  }
  await messages.close();
  return loaded;
}
