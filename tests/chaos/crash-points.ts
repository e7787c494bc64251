import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openClaims } from '#ingest/claims.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import type { Random } from '#simulator/random.ts';
import type { Filing } from './filing.ts';
import { trouble } from './pace.ts';
import type { Pricing } from './prices.ts';
import type { Reconciling } from './reconciling.ts';
import type { Returning } from './returns.ts';
import type { Service } from './service.ts';
import type { Traffic } from './traffic.ts';
import type { World } from './world.ts';

export interface CrashPoints {
  engine: string[];
  ingest: string[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every crash point that the sources name and `pattern` matches, by the service that passes it. */
export async function findCrashPoints(pattern = /^/): Promise<CrashPoints> {
  const named = async (folder: string): Promise<string[]> => {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((name) =>
      /(?<!\.test)\.ts$/.test(name),
    );
    const texts = await Promise.all(files.map((name) => readFile(join(root, folder, name), 'utf8')));
    return texts
      .flatMap((text) => [...text.matchAll(/crashPoint\('([^']+)'\)/g)].map((match) => match[1] ?? ''))
      .filter((point) => pattern.test(point));
  };
  return {
    engine: [...new Set([...(await named('sync-engine')), ...(await named('platform'))])].sort(),
    ingest: [...new Set(await named('ingest'))].sort(),
  };
}

/** What is passed so often that a later passage is as good a moment as the first. */
const FREQUENT =
  /^(engine\.(step|enqueue|document|ack|call|intake|index|repair\.item|break)|stock\.(journal|steps)|ingest\.(claim|insert))\./;
/** Snapshots are taken when a replica stops in good order. */
const ON_STOPPING = /^stock\.(chunk|snapshot|purge|sweep)\./;
const HIT_WITHIN_MS = 30_000;
/** A comparison reads every item of every warehouse before it gets there. */
const COMPARED = /^engine\.(reconciliation|break)\./;
const COMPARED_WITHIN_MS = 120_000;
/** One replica alone compares: on a busy machine the other one would be that for good if it came too soon. */
const COMPARED_ALONE_MS = 60_000;
const ALONE_MS = 2_500;
const ATTEMPTS = 4;

export interface CrashedAt {
  hit: string[];
  missed: string[];
}

/** What keeps the services busy while they crash. */
export interface Driven {
  traffic: Traffic;
  pricing: Pricing;
  returning: Returning;
  filing: Filing;
  reconciling: Reconciling;
}

/**
 * Starts one process after another with one point armed, drives orders of every kind until it has died there, and lets
 * its successors clean up.
 */
export async function crashAtEveryPoint(
  world: World,
  { traffic, pricing, returning, filing, reconciling }: Driven,
  points: CrashPoints,
  random: Random,
  say: (line: string) => void,
): Promise<CrashedAt> {
  const result: CrashedAt = { hit: [], missed: [] };
  let ordering = true;
  trouble(world, 0.03);
  const driving = (async () => {
    for (let round = 0; ordering; round++) {
      const kinds = ['plain', 'plain', 'plain', round % 2 === 0 ? 'cancelled' : 'plain'] as const;
      await Promise.all(
        [...kinds, ...(round % 6 === 0 ? (['unmapped'] as const) : [])].map((kind) => traffic.place(kind)),
      );
      if (round % 5 === 0) await pricing.change();
      if (round % 4 === 0) returning.sendBack();
      if (round % 6 === 0) await filing.acknowledge();
      if (round % 2 === 0) await reconciling.compare();
      // Now and then something that is no event, which ingest must set aside.
      if (round % 3 === 0) await world.js.publish(subjects.step('order_to_cash', 'nothing'), '{"v":1}');
      await delay(350);
    }
  })();
  const take = (point: string, hit: boolean) => {
    (hit ? result.hit : result.missed).push(point);
    say(`${hit ? 'died' : 'NOT HIT'} at ${point}`);
  };
  await Promise.all([
    engineRounds(world, points.engine, random, take),
    ingestRounds(world, points.ingest, random, take),
  ]);
  ordering = false;
  await driving;
  trouble(world, 0);
  return result;
}

type Take = (point: string, hit: boolean) => void;

async function engineRounds(world: World, points: readonly string[], random: Random, take: Take): Promise<void> {
  const [first, second] = world.engines;
  let round = 0;
  for (const point of points) {
    const comparing = COMPARED.test(point);
    let hit = false;
    // A busy machine may cost the armed one its leases before it got there: then it is armed again.
    for (let attempt = 1; attempt <= ATTEMPTS && !hit; attempt++) {
      const [armed, other] = round++ % 2 === 0 ? [first, second] : [second, first];
      // The armed one is alone at first: it wins every lease, so it passes whatever a replica can pass.
      await Promise.all([armed.kill(), other.kill()]);
      armed.start({ CRASH_POINT: spec(point, random) });
      const died = diesWithin(armed, comparing ? COMPARED_WITHIN_MS : HIT_WITHIN_MS);
      const stopping = ON_STOPPING.test(point);
      await Promise.race([died, delay(stopping ? 3_000 + 1_500 * attempt : comparing ? COMPARED_ALONE_MS : ALONE_MS)]);
      if (stopping) armed.askToStop();
      else other.start();
      hit = await died;
      for (const service of [armed, other]) if (!service.running) service.start();
    }
    take(point, hit);
  }
}

async function ingestRounds(world: World, points: readonly string[], random: Random, take: Take): Promise<void> {
  const { ingest } = world;
  for (const point of points) {
    await ingest.kill();
    if (/\.(verify|rebuild)\./.test(point)) {
      // Only a successor that finds a block half landed passes these.
      ingest.start({ CRASH_POINT: 'ingest.insert.after@2' });
      await diesWithin(ingest, HIT_WITHIN_MS);
      if (point.includes('.rebuild.')) await loseRollup(world);
    }
    ingest.start({ CRASH_POINT: spec(point, random) });
    take(point, await diesWithin(ingest, HIT_WITHIN_MS));
    if (ingest.running) await ingest.kill();
    ingest.start();
  }
}

const spec = (point: string, random: Random): string => (FREQUENT.test(point) ? `${point}@${random.int(1, 4)}` : point);

/** True once the process killed itself; false where it was still alive at the end, or ended in another way. */
async function diesWithin(service: Service, ms: number): Promise<boolean> {
  const waiting = new AbortController();
  const ended = await Promise.race([
    service.ended,
    delay(ms, undefined, { signal: waiting.signal }).catch(() => undefined),
  ]);
  waiting.abort();
  return ended === 'SIGKILL';
}

/** As when ClickHouse noted a token and lost the part: a rollup that adds up no longer does. */
async function loseRollup(world: World): Promise<void> {
  const { first, last } = (await (await openClaims(world.nc)).open('steps')).value;
  const clickhouse = await openClickHouse({ path: world.clickhousePath, readers: 1 });
  try {
    for (const table of ['steps', 'completions'])
      await clickhouse.command(
        `DELETE FROM ${table} WHERE stream_seq BETWEEN ${first} AND ${last} AND stream_seq % 3 = 0`,
      );
    const months = await clickhouse.query('SELECT DISTINCT toYYYYMM(minute) AS month FROM step_minutes');
    for (const { month } of months)
      await clickhouse.command(`ALTER TABLE step_minutes DROP PARTITION (${Number(month)}, 0)`);
  } finally {
    await clickhouse.close();
  }
}
