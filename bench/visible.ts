import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { openUsers } from '#platform/users.ts';
import { freePort, startNats } from '#tests/support/nats.ts';
import { orderEvents, stepEvent, subjectOf } from '#tests/support/step-events.ts';
import { startChild, untilReady } from './child.ts';
import { at, round } from './concurrently.ts';
import { openPage, type OpenPage } from './order-page.ts';
import { SIGHTINGS, type Sighting } from './sightings.ts';

export interface VisibleFigures {
  clickhouse_p50_ms: number;
  clickhouse_p99_ms: number;
  screen_p50_ms: number;
  screen_p99_ms: number;
  /** Step events a second that were really published meanwhile. */
  steps_per_s: number;
  /** Marked orders that were looked for on screen. */
  marks: number;
}

const RATE = 2_000;
const TICK_MS = 10;
const MARK_EVERY_MS = 130;
const person = { email: 'bench@syncline.example', password: 'a long password for the benchmark' };

/**
 * Time from the publish of a step event until a reader sees it in ClickHouse, and from the publish of a marked order
 * until it is in the document of a browser that shows the order list, while 2,000 steps a second are published.
 * @param built folder of the built console.
 */
export async function benchVisible(options: { built: string; seconds?: number }): Promise<VisibleFigures> {
  const { built, seconds = 30 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'syncline-bench-'));
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'bench-visible', log: silentLog });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  await (await openUsers(nc)).create({ ...person, name: 'Ben Bench', roles: ['operations'] });
  const clickhouseFolder = join(folder, 'clickhouse');
  const child = startChild('bench/console-process.ts', {}, { args: [nats.url, String(port), clickhouseFolder, built] });
  let page: OpenPage | undefined;
  try {
    await untilReady(`${url}/readyz`);
    const sightings: Sighting[] = [];
    const subscription = nc.subscribe(SIGHTINGS, {
      callback: (_, message) => void sightings.push(message.json<Sighting>()),
    });
    const js = jetstream(nc);
    page = await openPage(url, '/orders?channel=marketplace', person);
    // What runs for the first time is slow for another reason; it is not counted.
    await publishFor(js, 3, () => undefined);
    const began = Date.now();
    const published = await publishFor(js, seconds, markedOrder);
    const stepsPerSecond = (published.at.size * 1_000) / (Date.now() - began);
    const last = Math.max(...published.at.keys());
    await until(() => (sightings.at(-1)?.seq ?? 0) >= last, 'ClickHouse has not shown every step');
    let seen: Record<string, number> = {};
    const allSeen = async () => {
      seen = (await page?.seen()) ?? {};
      return [...published.marks.keys()].every((mark) => (seen[mark] ?? 0) > 0);
    };
    await until(allSeen, 'the page has not shown every marked order');
    subscription.unsubscribe();
    const stored = latencies(published.at, sightings);
    const shown = [...published.marks].map(([mark, since]) => (seen[mark] ?? 0) - since);
    return {
      clickhouse_p50_ms: round(at(stored, 0.5)),
      clickhouse_p99_ms: round(at(stored, 0.99)),
      screen_p50_ms: round(at(shown, 0.5)),
      screen_p99_ms: round(at(shown, 0.99)),
      steps_per_s: round(stepsPerSecond),
      marks: shown.length,
    };
  } finally {
    await page?.close();
    await child.stop();
    await nc.close();
    await nats.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Published {
  /** When each event of STEPS was published, by its sequence, in milliseconds since 1970. */
  at: Map<number, number>;
  marks: Map<string, number>;
}

let orders = 0;
let marksMade = 0;

/** Publishes at RATE, catching up where a tick came late; a marked order now and then. */
async function publishFor(js: JetStreamClient, seconds: number, mark: () => StepEvent | undefined): Promise<Published> {
  const published: Published = { at: new Map(), marks: new Map() };
  const pending: Promise<void>[] = [];
  const send = (event: StepEvent) => {
    const since = Date.now();
    pending.push(
      js.publish(subjectOf(event), JSON.stringify(event), { msgID: event.event_id }).then(({ seq }) => {
        published.at.set(seq, since);
      }),
    );
    return since;
  };
  let events: StepEvent[] = [];
  let sent = 0;
  let markedAt = 0;
  const began = performance.now();
  for (let passed = 0; passed < seconds * 1_000; passed = performance.now() - began) {
    for (; sent < (passed * RATE) / 1_000; sent++) {
      if (events.length === 0) events = orderEvents(++orders, Date.now() - 3_000).reverse();
      const event = events.pop();
      if (event !== undefined) send(event);
    }
    if (passed - markedAt > MARK_EVERY_MS) {
      const marked = mark();
      if (marked !== undefined) published.marks.set(marked.business_key, send(marked));
      markedAt = passed;
    }
    await delay(TICK_MS);
  }
  await Promise.all(pending);
  return published;
}

/** An order of the marketplace, which sells nothing else here, just taken in. */
function markedOrder(): StepEvent {
  const number = ++marksMade;
  const now = new Date().toISOString();
  return stepEvent(1_000_000 + number, 1, {
    key: transactionKey('marketplace', `mark-${number}`),
    step: 'intake_received',
    system: 'marketplace',
    direction: 'inbound',
    channel: 'marketplace',
    business_key: `#MARK-${number}`,
    started_at: now,
    ended_at: now,
    occurred_at: now,
  });
}

/** Of each event, until the first look at which the reader saw it or a later one. */
function latencies(publishedAt: ReadonlyMap<number, number>, sightings: readonly Sighting[]): number[] {
  let next = 0;
  const result: number[] = [];
  for (const [seq, since] of [...publishedAt].sort(([a], [b]) => a - b)) {
    while ((sightings[next]?.seq ?? Infinity) < seq) next++;
    const sighting = sightings[next];
    if (sighting !== undefined) result.push(sighting.at - since);
  }
  return result;
}

async function until(done: () => boolean | Promise<boolean>, problem: string): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await done())) {
    if (Date.now() > giveUpAt) throw new Error(problem);
    await delay(100);
  }
}
