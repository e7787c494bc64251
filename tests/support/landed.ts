import { expect } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';

/** Events by stream sequence, and the sequences ingest must have refused. */
export interface Expected {
  events: Map<number, StepEvent>;
  rejected: Set<number>;
}

const endOf = (event: StepEvent) => event.ended_at || event.started_at;
const count = <T>(items: Iterable<T>, keyOf: (item: T) => string, weigh: (item: T) => number = () => 1) => {
  const counted: Record<string, number> = {};
  for (const item of items) counted[keyOf(item)] = (counted[keyOf(item)] ?? 0) + weigh(item);
  return counted;
};

/** Compares every table with a recomputation from the distinct events of the stream. */
export async function expectExactlyOnce(clickhouse: ClickHouse, { events, rejected }: Expected): Promise<void> {
  const all = [...events.values()];
  const seqs = async (sql: string) => (await clickhouse.query(sql)).map((row) => Number(row['stream_seq']));

  expect(await seqs('SELECT stream_seq FROM steps ORDER BY stream_seq')).toEqual(
    [...events.keys()].sort((a, b) => a - b),
  );
  expect(await seqs("SELECT stream_seq FROM rejected_steps WHERE stream = 'STEPS' ORDER BY stream_seq")).toEqual(
    [...rejected].sort((a, b) => a - b),
  );
  expect(await seqs('SELECT stream_seq FROM completions ORDER BY stream_seq')).toEqual(
    [...events].flatMap(([seq, event]) => (event.status === 'completed' ? [seq] : [])).sort((a, b) => a - b),
  );

  const minutes = await clickhouse.query(
    `SELECT concat(toString(toUnixTimestamp(minute)), ' ', flow, ' ', step, ' ', status, ' ', origin) AS k,
            sum(events) AS n, sum(duration_ms) AS ms FROM step_minutes GROUP BY k`,
  );
  const minuteOf = (event: StepEvent) =>
    `${Math.floor(Date.parse(endOf(event)) / 60_000) * 60} ${event.flow} ${event.step} ${event.status} ${event.origin}`;
  expect(Object.fromEntries(minutes.map((row) => [row['k'], row['n']]))).toEqual(count(all, minuteOf));
  expect(Object.fromEntries(minutes.map((row) => [row['k'], row['ms']]))).toEqual(
    count(all, minuteOf, (event) => Date.parse(endOf(event)) - Date.parse(event.started_at)),
  );
  const quantiles = (select: string, from: string) =>
    clickhouse.query(`SELECT step, ${select} FROM ${from} GROUP BY step ORDER BY step`);
  expect(await quantiles('quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(latency) AS q', 'step_minutes')).toEqual(
    await quantiles(
      "quantilesDDIf(0.01, 0.5, 0.95, 0.99)(toFloat64(greatest(0, dateDiff('millisecond', occurred_at, at))), isNotNull(ended_at)) AS q",
      'steps',
    ),
  );

  await expectTransactions(clickhouse, all);
  await expectPostings(clickhouse, all);
  const references = await clickhouse.query(
    "SELECT DISTINCT concat(kind, ' ', value, ' ', key) AS r FROM transaction_references ORDER BY r",
  );
  const referenced = new Set(
    all.flatMap((event) => [
      `business_key ${event.business_key} ${event.key}`,
      ...Object.entries(event.attributes)
        .filter(([name]) => name.startsWith('ref_'))
        .flatMap(([name, values]) => values.split(' ').map((value) => `${name.slice(4)} ${value} ${event.key}`)),
    ]),
  );
  expect(references.map((row) => row['r'])).toEqual([...referenced].sort());
}

function byKey(all: readonly StepEvent[], keyOf: (event: StepEvent) => string): Map<string, StepEvent[]> {
  const groups = new Map<string, StepEvent[]>();
  for (const event of all) groups.set(keyOf(event), [...(groups.get(keyOf(event)) ?? []), event]);
  for (const group of groups.values()) group.sort((a, b) => a.ordinal - b.ordinal);
  return groups;
}

async function expectTransactions(clickhouse: ClickHouse, all: readonly StepEvent[]): Promise<void> {
  const rows = await clickhouse.query(
    `SELECT flow, key, events, status, step, amount, erp_confirmed_at, shipped_at, settled_at, is_open
     FROM transactions ORDER BY flow, key`,
  );
  const ended = (group: StepEvent[], step: string) =>
    group.find((event) => event.step === step && event.status === 'completed')?.ended_at ?? null;
  const wanted = [...byKey(all, (event) => `${event.flow} ${event.key}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const last = group.at(-1);
      const settled = ended(group, 'settle');
      return {
        flow: last?.flow,
        key: last?.key,
        events: last?.ordinal,
        status: last?.status,
        step: last?.step,
        amount: '129.9',
        erp_confirmed_at: ended(group, 'erp_create_sales_order'),
        shipped_at: ended(group, 'shipment_confirmed'),
        settled_at: settled,
        is_open: settled === null ? 1 : 0,
      };
    });
  expect(rows).toEqual(wanted);
}

async function expectPostings(clickhouse: ClickHouse, all: readonly StepEvent[]): Promise<void> {
  const rows = await clickhouse.query(
    'SELECT posting_key, document, status, attempts, document_number FROM postings ORDER BY posting_key',
  );
  const posted = all.filter((event) => event.attributes['posting_key'] !== undefined);
  const wanted = [...byKey(posted, (event) => event.attributes['posting_key'] ?? '')]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([posting_key, group]) => ({
      posting_key,
      document: group[0]?.attributes['document'],
      status: group.at(-1)?.status,
      attempts: Math.max(...group.map((event) => event.attempt)),
      document_number: group.at(-1)?.attributes['document_number'] ?? '',
    }));
  expect(rows).toEqual(wanted);
  const attempts = await clickhouse.query(
    `SELECT DISTINCT concat(posting_key, ' ', toString(ordinal), ' ', status, ' ', toString(toUnixTimestamp64Milli(at))) AS attempt
     FROM posting_attempts ORDER BY attempt`,
  );
  expect(attempts.map(({ attempt }) => attempt)).toEqual(
    posted
      .map((event) => `${event.attributes['posting_key']} ${event.ordinal} ${event.status} ${Date.parse(endOf(event))}`)
      .sort(),
  );
}
