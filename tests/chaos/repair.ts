import { setTimeout as delay } from 'node:timers/promises';
import type { CaseEvent } from '#contracts/v1/case.ts';
import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import type { RepairItem, RepairRun } from '#contracts/v1/repair.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { createRandom, type Random } from '#simulator/random.ts';
import type { Bundle } from './bundle.ts';
import { readStream } from './check-events.ts';
import { startClerk } from './clerk.ts';
import { trouble } from './pace.ts';
import { createTraffic, type Placed, SHARED_LEVY, type Traffic } from './traffic.ts';
import { verify } from './verify.ts';
import type { Violations } from './violations.ts';
import { startWorld, type World } from './world.ts';

export interface RepairOptions {
  bundle: Bundle;
  environment: NodeJS.ProcessEnv;
  seed: string;
  /** Cases that wait in one group. */
  cases: number;
  /** Replays a second at most. */
  ratePerS: number;
  say: (line: string) => void;
}

export interface RepairResult {
  cases: number;
  outcomes: RepairRun['counts'];
  kills: number;
  /** Seconds from the start of the replays to the end of the run. */
  replayedInS: number;
  /** Order sync latency of live orders, p95 in ms: before the replays and beside them, with kills at the same pace. */
  liveP95Ms: { before: number; beside: number };
  liveOrders: { before: number; beside: number };
  violations: Violations;
  folder?: string;
}

const actor = { id: 'repairer', roles: ['administrator' as const] };
/** Live orders placed a second, all along. */
const LIVE_PER_S = 5;
const KILL_EVERY_MS = 15_000;
const POSTING = 40;

/**
 * Many cases of one cause, cured by one repair while live orders come in and while both replicas of the engine and
 * ingest are killed in turn. Every case must come to exactly one outcome, nothing may be done twice outside, and the
 * totals of the report must be those of the cases.
 */
export async function runRepair(options: RepairOptions): Promise<RepairResult> {
  const { bundle, environment, seed, say } = options;
  const random = createRandom(seed);
  const leaseMs = 3_000;
  const world = await startWorld({ bundle, environment, seed, leaseMs, ackWaitMs: leaseMs * 2 });
  let sound = false;
  try {
    const traffic = createTraffic(world, random);
    const clerk = await startClerk(world, ({ problems }) => problems[0]?.missing_mapping?.code === SHARED_LEVY);
    await fillGroup(world, traffic, options);
    trouble(world, 0.005);
    const killer = startKilling(world, random);
    const live = startOrdering(traffic);
    const trying = await ask(world, 'repair.try', {
      actor,
      fingerprint: await fingerprintOf(world, traffic.placed),
      repair: {
        kind: 'patch',
        operations: [
          {
            op: 'replace',
            path: '/line_items/*/tax_lines/*/title',
            was: SHARED_LEVY,
            value: mappedTaxes[0]?.title ?? '',
          },
        ],
      },
      reason: 'the levy is the state tax by another name',
    });
    const id = trying.run?.run_id ?? '';
    await until(world, id, ({ status }) => status === 'tried', say);
    // Long enough for as many live orders as a percentile needs, with kills among them.
    say('tried; live orders alone for a while');
    const aloneFrom = Date.now();
    await delay(Math.max(30_000, Math.min(120_000, (options.cases / options.ratePerS) * 500)));
    const from = Date.now();
    await ask(world, 'repair.start', { actor, run_id: id, rate_per_s: options.ratePerS });
    const run = await until(world, id, ({ status }) => status === 'done', say);
    const to = Date.now();
    await Promise.all([killer.stop(), live.stop()]);
    trouble(world, 0);
    say('the run is done; everything else is let come to its end');
    const latencies = new LiveLatencies(traffic.placed);
    const { violations } = await verify(world, traffic, clerk, {
      patienceMs: 60_000,
      say,
      each: (event) => latencies.take(event),
    });
    await checkOutcomes(world, run, options.cases, violations);
    await traffic.close();
    sound = violations.total === 0;
    const before = latencies.within(aloneFrom, from);
    const beside = latencies.within(from, to);
    return {
      cases: options.cases,
      outcomes: run.counts,
      kills: killer.kills,
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

/** Commands that a dying replica left unanswered are given again: what was done already is refused, and that is fine. */
async function ask<N extends CommandName>(
  world: World,
  name: N,
  request: CommandRequest<N>,
): Promise<Extract<CommandReply, { ok: true }>> {
  for (;;) {
    const reply = await requestCommand(world.nc, name, request);
    if (reply.ok) return reply;
    if (reply.error.code === 'refused' && name === 'repair.start') return { ok: true, message: reply.error.message };
    if (reply.error.code !== 'unavailable') throw new Error(`${name}: ${reply.error.message}`);
    await delay(500);
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
  say(`${cases} cases wait`);
}

async function fingerprintOf(world: World, placed: readonly Placed[]): Promise<string> {
  for await (const { data } of readStream(world, streams.cases)) {
    const { state } = JSON.parse(Buffer.from(data).toString()) as CaseEvent;
    if (placed.some(({ key, kind }) => key === state.key && kind === 'repaired')) return state.fingerprint;
  }
  throw new Error('no case waits');
}

/** A run is looked at now and then: it may pause where too many failed again, which is a finding. */
async function until(
  world: World,
  id: string,
  matches: (run: RepairRun) => boolean,
  say: RepairOptions['say'],
): Promise<RepairRun> {
  for (let round = 0; ; round++) {
    const last = await readLast(world.manager, streams.repairs, subjects.repairRun(id));
    const run = last?.json<RepairRun>();
    if (run !== undefined && matches(run)) return run;
    if (run?.status === 'paused') throw new Error(`the run paused: ${run.message}`);
    if (round % 20 === 0) say(`${run?.status}, ${JSON.stringify(run?.counts)} ${run?.message}`);
    await delay(500);
  }
}

function startOrdering(traffic: Traffic): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const posting = new Set<Promise<unknown>>();
  const ordering = (async () => {
    while (!stopping.signal.aborted) {
      const post: Promise<unknown> = traffic.place('plain').finally(() => posting.delete(post));
      posting.add(post);
      await delay(1000 / LIVE_PER_S);
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

/** One service after the other, at a steady pace, so that both stretches of live traffic bear the same. */
function startKilling(world: World, random: Random): { readonly kills: number; stop(): Promise<void> } {
  const services = [...world.engines, world.ingest];
  const stopping = new AbortController();
  let kills = 0;
  const killing = (async () => {
    for (;;) {
      await delay(KILL_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const victim = services[kills % services.length] ?? random.pick(services);
      await victim.kill();
      victim.start();
      kills++;
    }
  })();
  return {
    get kills() {
      return kills;
    },
    stop: () => {
      stopping.abort();
      return killing;
    },
  };
}

/** Order sync latency of live orders as their events tell it: ERP sales order confirmed less placed. */
class LiveLatencies {
  readonly #live: ReadonlySet<string>;
  readonly #seen: { at: number; ms: number }[] = [];

  constructor(placed: readonly Placed[]) {
    this.#live = new Set(placed.filter(({ kind }) => kind === 'plain').map(({ key }) => key));
  }

  take({ key, step, status, occurred_at, ended_at }: StepEvent): void {
    if (step !== 'erp_create_sales_order' || status !== 'completed' || !this.#live.has(key)) return;
    const at = Date.parse(ended_at);
    this.#seen.push({ at, ms: at - Date.parse(occurred_at) });
  }

  /** A latency belongs to the stretch in which it completed. */
  within(from: number, to: number): number[] {
    return this.#seen.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
  }
}

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0);
}

/** Every case exactly one outcome, and the same totals on the run, on its items, on the cases and in ClickHouse. */
async function checkOutcomes(world: World, run: RepairRun, cases: number, violations: Violations): Promise<void> {
  const messages = await readLastPerSubject(world.js, streams.repairs, subjects.repairItems(run.run_id));
  const items = messages.map((message) => message.json<RepairItem>());
  violations.expect('cases in the run', run.run_id, items.length, cases);
  violations.expect('resolved, as the run counts', run.run_id, run.counts.resolved, cases);
  violations.expect(
    'resolved, as the items say',
    run.run_id,
    items.filter(({ outcome }) => outcome === 'resolved').length,
    cases,
  );
  const last = new Map<string, CaseEvent>();
  const replays = new Map<string, number>();
  for await (const { data } of readStream(world, streams.cases)) {
    const event = JSON.parse(Buffer.from(data).toString()) as CaseEvent;
    const id = event.state.case_id;
    last.set(id, event);
    if (event.type === 'replay_requested' || event.type === 'approved') replays.set(id, (replays.get(id) ?? 0) + 1);
  }
  for (const { case_id } of items) {
    const state = last.get(case_id)?.state;
    violations.expect(
      'cases not resolved by the run',
      case_id,
      `${state?.status} ${state?.repair_run}`,
      `resolved ${run.run_id}`,
    );
    violations.expect('cases replayed once', case_id, replays.get(case_id), 1);
  }
  const clickhouse = await openClickHouse({ path: world.clickhousePath, readers: 1 });
  try {
    const [row] = await clickhouse.query(
      'SELECT count() AS items, countIf(outcome = {outcome:String}) AS resolved FROM repair_items WHERE run_id = {run:String}',
      { params: { outcome: 'resolved', run: run.run_id } },
    );
    violations.expect('report in ClickHouse', 'items', Number(row?.['items']), cases);
    violations.expect('report in ClickHouse', 'resolved', Number(row?.['resolved']), cases);
  } finally {
    await clickhouse.close();
  }
}
