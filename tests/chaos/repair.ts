import { setTimeout as delay } from 'node:timers/promises';
import type { Repair, RepairRun } from '#contracts/v1/repair.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { createRandom } from '#simulator/random.ts';
import type { Bundle } from './bundle.ts';
import { checkRepair } from './check-repair.ts';
import { startClerk } from './clerk.ts';
import { openConsoleClient } from './console-client.ts';
import { findCause, Progress, startRepair, tryRepair } from './console-repair.ts';
import { LiveLatencies, p95 } from './live-latencies.ts';
import { trouble } from './pace.ts';
import { downloadReports } from './repair-reports.ts';
import { untilLanded } from './settle.ts';
import { createTraffic, SHARED_LEVY, type Traffic } from './traffic.ts';
import { verify } from './verify.ts';
import type { Violations } from './violations.ts';
import { startWorld, type World } from './world.ts';

export interface RepairOptions {
  /** With the console's pages. */
  bundle: Bundle;
  environment: NodeJS.ProcessEnv;
  seed: string;
  /** Cases that wait in one group. */
  cases: number;
  /** Replays a second at most. */
  ratePerS: number;
  /** Live orders placed a second, all along. */
  livePerS: number;
  say: (line: string) => void;
}

export interface RepairResult {
  cases: number;
  outcomes: RepairRun['counts'];
  /** By process. */
  kills: Record<string, number>;
  /** Looks at the run through the console, and requests that it left unanswered. */
  console: { looks: number; unanswered: number };
  /** Seconds from the start of the replays to the end of the run. */
  replayedInS: number;
  /** Order sync latency of live orders, p95 in ms: before the replays and beside them, with kills at the same pace. */
  liveP95Ms: { before: number; beside: number };
  liveOrders: { before: number; beside: number };
  violations: Violations;
  folder?: string;
}

const KILL_EVERY_MS = 15_000;
const POSTING = 40;

/** What cures the cause: the levy gets the name that is mapped. */
const cure: Repair = {
  kind: 'patch',
  operations: [
    {
      op: 'replace',
      path: '/line_items/*/tax_lines/*/title',
      was: SHARED_LEVY,
      value: mappedTaxes[0]?.title ?? '',
    },
  ],
};

/**
 * Many cases of one cause, cured by one repair while live orders come in and while both replicas of the engine and the
 * console are killed in turn. The repair is tried, started and followed through the console, and its report is
 * downloaded there. Every case must come to exactly one outcome, nothing may be done twice outside, and the totals of
 * the report must be those of the cases.
 */
export async function runRepair(options: RepairOptions): Promise<RepairResult> {
  const { bundle, environment, seed, say } = options;
  const random = createRandom(seed);
  const leaseMs = 3_000;
  const world = await startWorld({ bundle, environment, seed, leaseMs, ackWaitMs: leaseMs * 2, withConsole: true });
  let sound = false;
  try {
    const traffic = createTraffic(world, random);
    const clerk = await startClerk(world, ({ problems }) => problems[0]?.missing_mapping?.code === SHARED_LEVY);
    const client = await openConsoleClient(world);
    const progress = new Progress(client, say);
    await fillGroup(world, traffic, options);
    const fingerprint = await findCause(client, options.cases);
    say(`${options.cases} cases wait`);
    trouble(world, 0.005);
    const killer = startKilling(world);
    const live = startOrdering(traffic, options.livePerS);
    const id = await tryRepair(client, fingerprint, cure);
    await progress.until(id, ({ status }) => status === 'tried');
    // Long enough for as many live orders as a percentile needs, with kills among them.
    say('tried; live orders alone for a while');
    const aloneFrom = Date.now();
    await delay(Math.max(30_000, Math.min(120_000, (options.cases / options.ratePerS) * 500)));
    const from = Date.now();
    await startRepair(client, id, options.ratePerS);
    const run = await progress.until(id, ({ status }) => status === 'done');
    const to = Date.now();
    await Promise.all([killer.stop(), live.stop()]);
    trouble(world, 0);
    say('the run is done; its report is downloaded once everything has landed');
    await untilLanded(world);
    const reports = await downloadReports(client, id);
    say('everything else is let come to its end');
    const latencies = new LiveLatencies(traffic.placed);
    const { violations } = await verify(world, traffic, clerk, {
      patienceMs: 60_000,
      say,
      each: (event) => latencies.take(event),
    });
    for (const what of progress.wentBack) violations.add('progress went back', what);
    await checkRepair(world, { run, cases: options.cases, reports }, violations);
    await traffic.close();
    sound = violations.total === 0;
    const before = latencies.within(aloneFrom, from);
    const beside = latencies.within(from, to);
    return {
      cases: options.cases,
      outcomes: run.counts,
      kills: killer.kills,
      console: { looks: progress.looks, unanswered: client.unanswered },
      replayedInS: Math.round((to - from) / 1000),
      liveP95Ms: { before: p95(before), beside: p95(beside) },
      liveOrders: { before: before.length, beside: beside.length },
      violations,
      ...(sound ? {} : { folder: world.folder }),
    };
  } finally {
    await world.close(!sound);
  }
}

async function fillGroup(world: World, traffic: Traffic, { cases, say }: RepairOptions): Promise<void> {
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < cases) {
      begun++;
      await traffic.place('repaired');
    }
  };
  await Promise.all(Array.from({ length: POSTING }, worker));
  say(`${cases} orders placed that nobody can carry on`);
  for (;;) {
    const { state } = await world.manager.streams.info(streams.cases);
    if (state.messages >= cases) break;
    await delay(250);
  }
}

function startOrdering(traffic: Traffic, perS: number): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const posting = new Set<Promise<unknown>>();
  const ordering = (async () => {
    while (!stopping.signal.aborted) {
      const post: Promise<unknown> = traffic.place('plain').finally(() => posting.delete(post));
      posting.add(post);
      await delay(1000 / perS);
    }
    await Promise.all(posting);
  })();
  return {
    stop: () => {
      stopping.abort();
      return ordering;
    },
  };
}

/**
 * One service after the other, at a steady pace, so that both stretches of live traffic bear the same; but none while the
 * last one killed has not come back, which a busy machine may delay.
 */
function startKilling(world: World): { readonly kills: Record<string, number>; stop(): Promise<void> } {
  const services = [...world.engines, world.ingest];
  const kills = Object.fromEntries(services.map(({ name }) => [name, 0]));
  const stopping = new AbortController();
  const killing = (async () => {
    for (;;) {
      for (const victim of services) {
        const pause = delay(KILL_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        await Promise.all([pause, ...services.map((service) => service.untilListening())]);
        if (stopping.signal.aborted) return;
        await victim.kill();
        victim.start();
        kills[victim.name] = (kills[victim.name] ?? 0) + 1;
      }
    }
  })();
  return {
    kills,
    stop: () => {
      stopping.abort();
      return killing;
    },
  };
}
