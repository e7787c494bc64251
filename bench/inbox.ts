import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { caseScopes, readCaseFilter } from '#app/cases/filters.ts';
import { casePageSize } from '#app/cases/paths.ts';
import { caseFigures, caseGroupFigures } from '#app/queries/case-figures.ts';
import { caseList, caseSorts } from '#app/queries/case-list.ts';
import { causeOpenings } from '#app/queries/cause-openings.ts';
import { causeTrends } from '#app/queries/cause-trends.ts';
import { describedCauses } from '#app/queries/causes.ts';
import { openCaseCount } from '#app/queries/open-case-count.ts';
import { createIngest } from '#ingest/ingest.ts';
import { type Query, runQuery } from '#platform/clickhouse/query.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { dayOf, ratesOn } from '#platform/rates.ts';
import { startClickHouse } from '#tests/support/clickhouse.ts';
import { startNats } from '#tests/support/nats.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { at, round } from './concurrently.ts';
import { causeOfCase, createCasePublisher } from './inbox-estate.ts';

export interface InboxFigures {
  open: number;
  closed: number;
  /** Case events a second through ingest, while the stream was being filled. */
  landed_per_s: number;
  /** Each question alone, p50 / p95 in milliseconds. */
  first_page: Record<string, string>;
  filters: Record<string, string>;
  counts: Record<string, string>;
  groups: Record<string, string>;
  /** All that one look at the inbox asks, at once: as a list, and by cause. */
  whole_page: Record<'list' | 'by_cause', string>;
  slowest_p95_ms: number;
  within_100_ms: 'yes' | 'no';
}

const TARGET_MS = 100;
/** Cases that others change while the inbox is read. */
const CHANGES_PER_S = 25;

/**
 * The inbox' questions over 100,000 open cases and 300,000 closed ones, landed by ingest from their events, while more
 * changes land; on an embedded ClickHouse in this process, as a machine of its own runs it.
 */
export async function benchInbox(options: { open?: number; closed?: number; rounds?: number } = {}) {
  const { open = 100_000, closed = 300_000, rounds = 40 } = options;
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'bench-inbox', log: silentLog });
  const store = await startClickHouse();
  const { clickhouse } = store;
  try {
    await ensureStreams(nc, { replicas: 1, retentionDays: 400 });
    const metrics = createMetrics('bench', { defaults: false });
    const ingest = await createIngest({ nc, clickhouse, log: silentLog, metrics, shards: 1 });
    const publisher = await createCasePublisher(nc);
    const began = performance.now();
    const events = await publisher.fill({ closed, open });
    const landed = async () =>
      Number((await clickhouse.query('SELECT count() AS landed FROM case_events'))[0]?.['landed'] ?? 0);
    while ((await landed()) < events) await delay(50);
    const landedPerS = (events * 1_000) / (performance.now() - began);

    const ask = <P extends z.ZodType, R extends z.ZodType>(query: Query<P, R>, params: z.input<P>) =>
      runQuery(clickhouse, query, params);
    const estate = testEstate();
    const decided = { muted: [1, 2, 3].map(causeOfCase).sort(), held: [4, 5].map(causeOfCase).sort() };
    const filterOf = (search: string) =>
      readCaseFilter(
        new URLSearchParams(search),
        estate,
        ratesOn(dayOf(new Date()), estate, []),
        'sam@syncline.example',
        decided,
      );
    const since = decided.muted.map(() => new Date(Date.now() - 86_400_000).toISOString());
    const now = new Date().toISOString();
    const first = { limit: casePageSize, offset: 0 };
    const urgent = caseList({ sort: 'urgency', descending: false });
    const filters = {
      status: 'status=assigned',
      step: 'step=wms_release',
      class: 'class=mapping',
      system: 'system=netsuite',
      assignee: 'assignee=mine',
      search: 'q=code+tx-17',
      cause: `group=${causeOfCase(7)}`,
      muted: 'muted=only',
      held: 'held=only',
    };
    const list = (search: string) =>
      Promise.all([ask(urgent, { ...filterOf(search), ...first }), ask(caseFigures, { ...filterOf(search), now })]);
    const causes = async (search: string) => {
      const [figures] = await ask(caseGroupFigures, { ...filterOf(search), ...first, now });
      const fingerprints = (figures?.page ?? []).map(({ fingerprint }) => fingerprint).sort();
      return Promise.all([ask(describedCauses, { fingerprints }), ask(causeTrends, { fingerprints, now })]);
    };
    const look = async (at: (search: string) => Promise<unknown>) => {
      // Whether a mute holds that ends by cases is asked first.
      await ask(causeOpenings, { fingerprints: decided.muted, since });
      return Promise.all([at(''), ask(openCaseCount, { muted_causes: decided.muted })]);
    };

    const stopped = new AbortController();
    const disturbing = publisher.disturb(CHANGES_PER_S, stopped.signal);
    let slowest = 0;
    const time = async (question: () => Promise<unknown>): Promise<string> => {
      const took: number[] = [];
      for (let i = 0; i < rounds; i++) {
        const since = performance.now();
        await question();
        took.push(performance.now() - since);
      }
      slowest = Math.max(slowest, at(took, 0.95));
      return `${round(at(took, 0.5))} / ${round(at(took, 0.95))}`;
    };
    const timeEach = async <T>(questions: Record<string, T>, ask: (one: T) => Promise<unknown>) => {
      const figures: Record<string, string> = {};
      for (const [name, one] of Object.entries(questions)) figures[name] = await time(() => ask(one));
      return figures;
    };

    const figures = {
      first_page: await timeEach(Object.fromEntries(caseSorts.map((sort) => [sort, sort])), (sort) =>
        ask(caseList({ sort, descending: sort === 'opened' }), { ...filterOf(''), ...first }),
      ),
      filters: await timeEach(filters, (search) => ask(urgent, { ...filterOf(search), ...first })),
      counts: await timeEach(
        { ...filters, ...Object.fromEntries(caseScopes.map((state) => [state, `state=${state}`])) },
        (search) => ask(caseFigures, { ...filterOf(search), now }),
      ),
      groups: await timeEach({ all: '', ...filters }, causes),
      whole_page: { list: await time(() => look(list)), by_cause: await time(() => look(causes)) },
    };
    stopped.abort();
    await disturbing;
    const [count] = await ask(openCaseCount, { muted_causes: [] });
    if (count?.open !== open) throw new Error(`the inbox counts ${String(count?.open)} open cases of ${open}`);
    await ingest.close();
    const result: InboxFigures = {
      open,
      closed,
      landed_per_s: round(landedPerS),
      ...figures,
      slowest_p95_ms: round(slowest),
      within_100_ms: slowest <= TARGET_MS ? 'yes' : 'no',
    };
    return result;
  } finally {
    await nc.close();
    await nats.close();
    await store.close();
  }
}
