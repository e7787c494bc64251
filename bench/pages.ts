import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBundle } from '#app/server/bundle.ts';
import { createConsole } from '#app/server/console.ts';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { openUsers } from '#platform/users.ts';
import { startNats } from '#tests/support/nats.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { at, round } from './concurrently.ts';
import { lookUps, standingPages } from './pages/addresses.ts';
import { makeHistory } from './pages/history.ts';

/** The history ends here; the console's clock goes on from it, one second a question. */
const UNTIL = Date.parse('2026-11-20T15:00:00.000Z');
const PAGE_TARGET_MS = 150;
const LOOK_UP_TARGET_MS = 30;
const GROWTH_TARGET = 1.5;
const person = { email: 'bench@syncline.example', password: 'a long password for the benchmark' };

/**
 * What each page's loaders take, over HTTP, at histories of different length: the console's own answer to a navigation, with
 * ClickHouse embedded in the same process. Each question is of another second, so that none is answered from what was asked
 * before.
 * @param sizes step events of each history, the shortest first
 */
export async function benchPages(options: {
  built: string;
  sizes: readonly number[];
  /** Histories are kept under this path, and taken from there where they are already. */
  keep?: string;
  rounds?: number;
}) {
  const { built, sizes, keep, rounds = 30 } = options;
  const measured: { steps: number; pages: Times; look_ups: Times }[] = [];
  for (const size of sizes) measured.push(await measureAt(size, { built, rounds, keep }));
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) throw new Error('There is no history to measure.');
  const growth = Object.fromEntries(
    Object.entries(last.pages).map(([page, { p95 }]) => [page, round(p95 / (first.pages[page]?.p95 ?? p95), 2)]),
  );
  return {
    steps: measured.map(({ steps }) => steps).join(' / '),
    ...Object.fromEntries(
      Object.keys(last.pages).map((page) => [page, inWords(measured.map((one) => one.pages[page]))]),
    ),
    ...Object.fromEntries(
      Object.keys(last.look_ups).map((name) => [name, inWords(measured.map((one) => one.look_ups[name]))]),
    ),
    growth,
    slowest_page_p95_ms: Math.max(...Object.values(last.pages).map(({ p95 }) => p95)),
    slowest_look_up_p95_ms: Math.max(...Object.values(last.look_ups).map(({ p95 }) => p95)),
    greatest_growth: Math.max(...Object.values(growth)),
    targets: `${PAGE_TARGET_MS} ms, ${LOOK_UP_TARGET_MS} ms, ${GROWTH_TARGET} times`,
  };
}

type Times = Record<string, { p50: number; p95: number }>;
const inWords = (times: readonly ({ p50: number; p95: number } | undefined)[]): string =>
  times.map((one) => `${one?.p50 ?? '–'} / ${one?.p95 ?? '–'}`).join('   ');

async function measureAt(steps: number, options: { built: string; rounds: number; keep: string | undefined }) {
  const { keep } = options;
  const folder = keep === undefined ? await mkdtemp(join(tmpdir(), 'syncline-bench-')) : `${keep}-${steps}`;
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'bench-pages', log: silentLog });
  const clickhouse = await openClickHouse({ path: join(folder, 'clickhouse') });
  try {
    await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
    await (await openUsers(nc)).create({ ...person, name: 'Ben Bench', roles: ['administrator'] });
    await migrate(clickhouse);
    const [row] = await clickhouse.query('SELECT count() AS steps FROM steps');
    const made = Number(row?.['steps']) || (await makeHistory(clickhouse, { steps, until: new Date(UNTIL) }));
    let now = UNTIL;
    const host = await createConsole({
      nats: nc,
      clickhouse,
      estate: testEstate(),
      log: silentLog,
      metrics: createMetrics('console', { defaults: false }),
      bundle: await loadBundle(options.built),
      now: () => new Date(now),
    });
    const url = `http://127.0.0.1:${await host.listen(0)}`;
    const cookie = await signIn(url);
    const timesOf = async (addresses: Readonly<Record<string, (round: number) => string>>): Promise<Times> => {
      const times: Times = {};
      for (const [name, address] of Object.entries(addresses)) {
        const took: number[] = [];
        for (let i = -3; i < options.rounds; i++) {
          now += 1_000;
          const began = performance.now();
          await get(`${url}${address(i)}`, cookie);
          // What runs for the first time is slow for another reason; it is not counted.
          if (i >= 0) took.push(performance.now() - began);
        }
        times[name] = { p50: round(at(took, 0.5)), p95: round(at(took, 0.95)) };
        process.stdout.write(`  ${made} steps, ${name}: ${times[name].p50} / ${times[name].p95} ms\n`);
      }
      return times;
    };
    const pages = await timesOf(standingPages);
    const look_ups = await timesOf(await lookUps(clickhouse));
    await host.close();
    return { steps: made, pages, look_ups };
  } finally {
    await nc.close();
    await nats.close();
    await clickhouse.close();
    if (keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function get(address: string, cookie: string): Promise<void> {
  const response = await fetch(address, { headers: { cookie } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${text.slice(0, 200)}`);
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(person),
  });
  return response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}
