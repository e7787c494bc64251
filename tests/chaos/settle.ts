import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { openClaims } from '#ingest/claims.ts';
import { readLast } from '#platform/nats/publish.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { keysOf } from '#platform/nats/list.ts';
import type { World } from './world.ts';

const LOOK_MS = 400;

/** How far the streams are through which everything moves on. */
async function written({ manager }: World) {
  const last = async (stream: string) => (await manager.streams.info(stream)).state.last_seq;
  return { intake: await last(streams.intake), work: await last(streams.work), steps: await last(streams.steps) };
}

/**
 * What is still under way, by what waits for it. One place is read after the other: what moves from one that is still to be
 * read to one that has been is seen in neither, which `written` tells.
 */
async function underWay(world: World): Promise<Record<string, number>> {
  const { manager, nc, simulator } = world;
  const work = await manager.streams.info(streams.work);
  const counts: Record<string, number> = { work: work.state.messages };
  for await (const consumer of manager.consumers.list(streams.intake)) {
    const name = consumer.config.durable_name;
    if (name?.startsWith('intake-') === true) counts[name] = consumer.num_pending + consumer.num_ack_pending;
  }
  for (const bucket of [buckets.waiting, buckets.held, buckets.alarms]) {
    counts[bucket.toLowerCase()] = (await keysOf(await openBucket(nc, bucket))).length;
  }
  counts['parcels to report'] = [...simulator.systems.warehouses.values()]
    .map((warehouse) => Number(warehouse.counts()['pending_events']))
    .reduce((sum, pending) => sum + pending, 0);
  return counts;
}

export interface Settled {
  /** What was left when nothing moved any more; empty where everything came to its end. */
  left: string[];
}

/**
 * Waits until nothing is under way and nothing has been written for a while. Gives up when nothing moves for
 * `patienceMs` although something is left: then it is stuck, which is what the checks must see.
 */
export async function untilSettled(
  world: World,
  open: () => readonly string[],
  patienceMs = 40_000,
  quietMs = 2_500,
): Promise<Settled> {
  let lastSeq = -1;
  let movedAt = Date.now();
  for (;;) {
    const before = await written(world);
    if (before.steps !== lastSeq) {
      lastSeq = before.steps;
      movedAt = Date.now();
    }
    const quiet = Date.now() - movedAt;
    if (quiet >= quietMs) {
      const counts = Object.entries(await underWay(world)).filter(([, count]) => count > 0);
      const left = [...counts.map(([what, count]) => `${count} ${what}`), ...open()];
      if (left.length === 0 && isDeepStrictEqual(await written(world), before)) return { left: [] };
      if (left.length > 0 && quiet >= patienceMs) return { left };
    }
    await delay(LOOK_MS);
  }
}

/** Waits until ingest has landed and committed all there is. @returns what it did not. */
export async function untilLanded(world: World, patienceMs = 90_000): Promise<string[]> {
  const claims = await openClaims(world.nc);
  const shards = [
    { name: 'steps', stream: streams.steps, subject: subjects.allSteps },
    { name: 'cases', stream: streams.cases, subject: subjects.allCases },
    { name: 'repairs', stream: streams.repairs, subject: subjects.allRepairItems },
  ];
  let before = '';
  let movedAt = Date.now();
  for (;;) {
    const behind: string[] = [];
    for (const { name, stream, subject } of shards) {
      const last_seq = (await readLast(world.manager, stream, subject))?.seq ?? 0;
      const { committed } = (await claims.open(name)).value;
      if (committed < last_seq) behind.push(`${stream} is landed up to ${committed} of ${last_seq}`);
    }
    if (behind.length === 0) return [];
    if (behind.join() !== before) {
      before = behind.join();
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > patienceMs) return behind;
    await delay(LOOK_MS);
  }
}
