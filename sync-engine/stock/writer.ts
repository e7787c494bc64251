import { randomBytes } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { LeaseLost } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { publishFenced } from '#platform/nats/publish.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { applyFact } from './apply.ts';
import { type StockCommand, stockCommand, type StockReply } from './commands.ts';
import { closeBatch, openBatch, type Outcome } from './cycle.ts';
import { decide } from './decide.ts';
import type { JournalEntry, Offering, StockFact } from './journal.ts';
import { loadPartition } from './load.ts';
import type { SnapshotStore } from './snapshot.ts';
import { type StockState, toDocument } from './state.ts';

/** Commands and bytes gathered into one journal entry at most; a NATS message holds 1 MB. */
const BATCH_COMMANDS = 256;
const BATCH_BYTES = 400_000;

export interface WriterOptions {
  nc: NatsConnection;
  partition: number;
  offering: Offering;
  snapshots: SnapshotStore;
  log: Log;
  now: () => Date;
  /** Journal entries between two snapshots. */
  snapshotEvery: number;
  /** Called once when the state is loaded; from then on the writer works. */
  onLoaded: (writer: LoadedWriter) => void;
  /** Called for every entry that is durable: replayed ones first. */
  onEntry: (n: number, outcomes: Outcome[]) => void;
  /** Resolves when the steps of entry `n` are published; a snapshot must not be ahead of them. */
  projectedUpTo: (n: number) => Promise<void>;
}

/** What works beside the writer in its process may ask of it. */
export interface LoadedWriter {
  partition: number;
  execute(command: StockCommand): Promise<StockReply>;
  /** Takes over how items are offered from now on, where that has changed. */
  offer(offering: Offering): Promise<void>;
  /** Runs `look` on the state at a moment when everything in it is durable. It must not keep references. */
  inspect<T>(look: (state: StockState) => T): Promise<T>;
}

interface Job {
  bytes: number;
  /** The facts of the command on the state as it is; the job is settled by `done` or `failed`. */
  facts: (state: StockState) => StockFact[];
  done: (state: StockState) => void;
  failed: (error: Error) => void;
}

/** Ends the writer: somebody else wrote to its journal, so what it holds in memory is no longer the truth. */
export class JournalLost extends Error {
  override name = 'JournalLost';
}

/** Runs the one writer of a partition until the signal aborts. @throws JournalLost when another writer took over. */
export async function runStockWriter(options: WriterOptions, signal: AbortSignal): Promise<void> {
  const { nc, partition, snapshots, log, now } = options;
  const js = jetstream(nc);
  const publisher = publisherOf(nc);
  const manager = await jetstreamManager(nc);
  const writer = randomBytes(8).toString('hex');
  const loaded = await loadPartition(js, manager, snapshots, partition, options.onEntry);
  const { state } = loaded;
  let { seq, snapshotN } = loaded;
  log.info({ partition, entries: state.n, replayed: state.n - snapshotN }, 'stock partition loaded');
  if (signal.aborted) return;

  const jobs: Job[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  const add = (job: Job): void => {
    if (ended) return job.failed(new JournalLost(`stock partition ${partition} stopped`));
    jobs.push(job);
    wake();
  };
  const stop = (): void => wake();
  signal.addEventListener('abort', stop, { once: true });

  async function append(facts: StockFact[], outcomes: Outcome[], at: string): Promise<void> {
    const entry: JournalEntry = { v: 1, n: state.n, writer, at, facts };
    const subject = subjects.stockJournal(partition);
    crashPoint('stock.journal.before');
    const result = await publishFenced(publisher, manager, {
      stream: streams.stock,
      subject,
      data: JSON.stringify(entry),
      msgId: `${subject}:${entry.n}`,
      expectedSeq: seq,
      isMine: (last) => z.object({ writer: z.string() }).parse(last.json()).writer === writer,
    });
    crashPoint('stock.journal.after');
    if (!result.won) throw new JournalLost(`stock partition ${partition} has another writer`);
    seq = result.seq;
    options.onEntry(entry.n, outcomes);
  }

  async function runBatch(taken: Job[]): Promise<void> {
    const at = now().toISOString();
    const batch = openBatch(state, state.n + 1, at);
    const facts: StockFact[] = [];
    for (const job of taken) {
      for (const fact of job.facts(state)) {
        applyFact(batch, fact);
        facts.push(fact);
      }
    }
    try {
      if (facts.length > 0) await append(facts, closeBatch(batch), at);
    } catch (error) {
      const lost = new JournalLost(`stock partition ${partition} could not write its journal`, { cause: error });
      for (const job of taken) job.failed(lost);
      throw error;
    }
    for (const job of taken) job.done(state);
  }

  /** The snapshot is taken at once but stored only when the steps up to it are out: replay must still produce them. */
  let saving: Promise<void> = Promise.resolve();
  let savingN = snapshotN;
  let isSaving = false;
  function snapshot(): void {
    isSaving = true;
    savingN = state.n;
    const taken = { n: state.n, seq, text: JSON.stringify(toDocument(state)) };
    saving = options
      .projectedUpTo(taken.n)
      .then(() => snapshots.save(partition, writer, taken))
      .then(async () => {
        snapshotN = taken.n;
        // The last entry stays: its sequence is the fence. (A purge up to sequence 1 would take everything.)
        if (taken.seq > 1) {
          crashPoint('stock.purge.before');
          await manager.streams.purge(streams.stock, { filter: subjects.stockJournal(partition), seq: taken.seq });
          crashPoint('stock.purge.after');
        }
      })
      .catch((error: unknown) => {
        log.warn({ err: error, partition }, 'could not store a stock snapshot; the journal keeps everything');
      })
      .finally(() => {
        isSaving = false;
      });
  }

  const subscription = nc.subscribe(subjects.stockCommand(partition), {
    callback: (error, message) => {
      if (error !== null) return;
      const parsed = parseCommand(message.data);
      const reply = (content: StockReply): void => void message.respond(JSON.stringify(content));
      if (typeof parsed === 'string') return reply({ type: 'refused', message: parsed });
      add(commandJob(parsed, message.data.length, reply, () => undefined));
    },
  });
  try {
    await runBatch([
      offerJob(
        options.offering,
        () => undefined,
        () => undefined,
      ),
    ]);
    options.onLoaded({
      partition,
      execute: (command) => new Promise((resolve, reject) => add(commandJob(command, 1000, resolve, reject))),
      offer: (offering) => new Promise((resolve, reject) => add(offerJob(offering, resolve, reject))),
      inspect: (look) =>
        new Promise((resolve, reject) =>
          add({ bytes: 0, facts: () => [], done: (current) => resolve(look(current)), failed: reject }),
        ),
    });
    while (!signal.aborted) {
      if (jobs.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      if (jobs.length > 0 && !signal.aborted) await runBatch(takeBatch(jobs));
      if (!isSaving && state.n - savingN >= options.snapshotEvery) snapshot();
    }
    await saving;
    if (state.n > snapshotN && !(signal.reason instanceof LeaseLost)) {
      snapshot();
      await saving;
    }
  } finally {
    ended = true;
    subscription.unsubscribe();
    signal.removeEventListener('abort', stop);
    for (const job of jobs.splice(0)) job.failed(new JournalLost(`stock partition ${partition} stopped`));
  }
}

function commandJob(
  command: StockCommand,
  bytes: number,
  reply: (reply: StockReply) => void,
  failed: (error: Error) => void,
): Job {
  let answer: ((state: StockState) => StockReply) | undefined;
  return {
    bytes,
    facts: (state) => {
      const decision = decide(state, command);
      answer = decision.reply;
      return decision.facts;
    },
    done: (state) => {
      if (answer) reply(answer(state));
    },
    failed,
  };
}

function offerJob(offering: Offering, done: () => void, failed: (error: Error) => void): Job {
  const wanted = JSON.stringify(offering);
  const facts = (state: StockState): StockFact[] =>
    JSON.stringify(state.offering) === wanted ? [] : [{ fact: 'offered', offering }];
  return { bytes: wanted.length, facts, done, failed };
}

/** As many of the oldest jobs as one journal entry may hold. */
function takeBatch(jobs: Job[]): Job[] {
  let bytes = 0;
  let count = 0;
  for (const job of jobs) {
    if (count > 0 && (count >= BATCH_COMMANDS || bytes + job.bytes > BATCH_BYTES)) break;
    bytes += job.bytes;
    count++;
  }
  return jobs.splice(0, count);
}

/** @returns the command, or what is wrong with it. */
function parseCommand(data: Uint8Array): StockCommand | string {
  try {
    const parsed = stockCommand.safeParse(JSON.parse(new TextDecoder().decode(data)));
    return parsed.success
      ? parsed.data
      : parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`).join('; ');
  } catch {
    return 'The command is not JSON.';
  }
}
