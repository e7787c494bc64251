import type { JetStreamClient } from '@nats-io/jetstream';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import type { Block } from './block.ts';
import { type Claim, ClaimLost, type Claims } from './claims.ts';
import type { Instruments } from './instruments.ts';
import { landBlock } from './land.ts';
import type { Nudger } from './nudge.ts';
import { type BlockLimits, readBlocks } from './read.ts';
import type { Shard } from './source.ts';
import type { Validate } from './validate.ts';
import { verifyBlock } from './verify.ts';

export interface ShardOptions {
  shard: Shard;
  js: JetStreamClient;
  clickhouse: ClickHouse;
  claims: Claims;
  /** Identity of the stream: name and creation time. */
  streamId: string;
  validate: Validate;
  limits: BlockLimits;
  nudger: Nudger;
  instruments: Instruments;
  log: Log;
  now: () => number;
  /** Called with why inserting does not succeed, and with undefined once it does. */
  onTrouble: (reason: string | undefined) => void;
  /** False only in the test that proves the claim to be needed. */
  claimBlocks: boolean;
}

/** A writer with nothing to do commits what it landed after this long. */
const idleCommitMs = 500;
const firstRetryMs = 250;
const longestRetryMs = 5_000;

/**
 * Lands one shard for as long as its lease is held: block after block is claimed, inserted, and committed by the claim
 * on the next. What an earlier run had claimed is read again exactly, inserted under the same tokens, and verified.
 */
export async function runShard(options: ShardOptions, signal: AbortSignal): Promise<void> {
  const { shard, claims, log } = options;
  const claim = await claims.open(shard.name);
  const { committed, first, last } = claim.value;
  log.info({ shard: shard.name, committed, first, last }, 'landing');
  const reader = await readBlocks(options.js, {
    shard,
    from: last > 0 ? first : committed + 1,
    recoverUpTo: last,
    limits: options.limits,
    validate: options.validate,
    now: options.now,
  });
  const stop = () => void reader.close();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for (;;) {
      const next = await reader.next(idleCommitMs);
      if (next === 'ended') break;
      if (next === 'idle') {
        options.instruments.idle(shard);
        await insist(options, signal, () => commit(claim));
      } else if (!(await landNext(next, claim, options, signal))) break;
    }
    if (!lostBy(signal)) await commit(claim);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    log.warn({ shard: shard.name }, error.message);
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.close();
    options.instruments.released(shard);
    options.onTrouble(undefined);
  }
}

const lostBy = (signal: AbortSignal): boolean =>
  signal.aborted && signal.reason instanceof Error && signal.reason.name === 'LeaseLost';

async function commit(claim: Claim): Promise<void> {
  if (claim.value.last === 0) return;
  crashPoint('ingest.commit.before');
  await claim.commit();
  crashPoint('ingest.commit.after');
}

/** @returns false where the lease ended before the block was landed. */
async function landNext(block: Block, claim: Claim, options: ShardOptions, signal: AbortSignal): Promise<boolean> {
  const { shard, instruments } = options;
  if (block.messages === 0) return true;
  const began = options.now();
  const claimNow = async () => {
    crashPoint('ingest.claim.before');
    await claim.take(block.first, block.last);
    crashPoint('ingest.claim.after');
  };
  if (!block.recovered && options.claimBlocks && !(await insist(options, signal, claimNow))) return false;

  // What failed once may have been landed in part, also with its token noted and its rows lost.
  let suspect = block.recovered;
  const land = async () => {
    try {
      await landBlock(block, { ...options, shard });
      if (suspect) await verifyBlock(block, { ...options, shard });
    } catch (error) {
      suspect = true;
      throw error;
    }
  };
  if (!(await insist(options, signal, land))) return false;
  if (!options.claimBlocks && !(await insist(options, signal, claimNow))) return false;
  instruments.landed(shard, block, options.now() - began);
  options.nudger.landed(shard.landing.topic, block);
  return true;
}

/** Tries until it succeeds or the lease ends. @returns false when it ended. @throws ClaimLost at once. */
async function insist(options: ShardOptions, signal: AbortSignal, work: () => Promise<void>): Promise<boolean> {
  for (let delay = firstRetryMs; ; delay = Math.min(delay * 2, longestRetryMs)) {
    try {
      await work();
      options.onTrouble(undefined);
      return true;
    } catch (error) {
      if (error instanceof ClaimLost) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      options.onTrouble(reason);
      options.instruments.failed(options.shard);
      options.log.error({ err: error, shard: options.shard.name, retryMs: delay }, 'landing does not succeed');
    }
    if (signal.aborted) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, delay);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
    if (signal.aborted) return false;
  }
}
