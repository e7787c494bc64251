import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportNames, exportTables } from '#app/exports/tables.ts';
import { runQuery, defineQuery } from '#platform/clickhouse/query.ts';
import { z } from 'zod';
import { type ConsoleApi, startConsoleApi } from '#tests/support/console-api.ts';

/** Tables for analysis, over real HTTP, held against what lies in ClickHouse. */
let api: ConsoleApi;
const hour = 3_600_000;
const window = () => {
  const now = Date.now();
  return `from=${new Date(now - hour).toISOString()}&to=${new Date(now + hour).toISOString()}`;
};

beforeAll(async () => {
  api = await startConsoleApi({ analyst: { scopes: ['figures.read'] }, support: { scopes: ['cases.read'] } });
}, 90_000);
afterAll(() => api.close());

const download = async (path: string) => {
  const answer = await api.ask('analyst', path);
  expect(answer.status, path).toBe(200);
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const countOf = async (name: string) => {
  const query = defineQuery({
    name: 'rows_of_a_table',
    sql: `SELECT count() AS rows FROM ${name}`,
    params: z.object({}),
    row: z.object({ rows: z.number() }),
  });
  return (await runQuery(api.landed.store.clickhouse, query, {}))[0]?.rows;
};

const rowsOf = (lines: Buffer) =>
  lines
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('every table is had as lines of JSON with each of its columns, all rows of the window', async () => {
  await api.stopped();
  await api.stopped();
  for (const name of exportNames) {
    const { answer, bytes } = await download(`/exports/${name}?${window()}&format=jsonl`);
    expect(answer.headers.get('content-type')).toContain('application/jsonl');
    const rows = rowsOf(bytes);
    expect(rows.length, name).toBe(await countOf(name));
    expect(rows.length, name).toBeGreaterThanOrEqual(name === 'postings' ? 0 : 2);
    for (const row of rows) expect(Object.keys(row), name).toEqual([...exportTables[name].columns]);
  }
});

test('the same rows are in a CSV file with a head and in a Parquet file that ClickHouse reads back', async () => {
  const path = `/exports/transactions?${window()}`;
  const { bytes: lines } = await download(`${path}&format=jsonl`);
  const keys = rowsOf(lines).map(({ key }) => key);

  const { answer, bytes: csv } = await download(`${path}&format=csv`);
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="transactions-\d{8}T\d{4}-.*\.csv"$/,
  );
  const [head, ...rows] = csv.toString().trim().split('\n');
  expect(head).toBe(exportTables.transactions.columns.map((column) => `"${column}"`).join(','));
  expect(rows).toHaveLength(keys.length);

  const { bytes: parquet } = await download(path);
  expect(parquet.subarray(0, 4).toString()).toBe('PAR1');
  const file = join(api.landed.store.path, 'transactions.parquet');
  await writeFile(file, parquet);
  const read = await api.landed.store.clickhouse.query(
    `SELECT key FROM file('${file}', Parquet) ORDER BY occurred_at, flow, key`,
  );
  expect(read.map(({ key }) => key)).toEqual(keys);
});

test('a window that is none, too long or not given is refused with what to ask instead', async () => {
  const problem = async (query: string) => (await api.refused('analyst', `/exports/steps?${query}`, 422)).errors;
  expect(await problem('')).toEqual([{ path: 'from', message: 'is required' }]);
  expect(await problem('from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z')).toMatchObject([
    { path: 'to', message: 'must lie after `from`; the window is [from, to)' },
  ]);
  expect(await problem('from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z')).toMatchObject([
    { path: 'to', message: expect.stringContaining('at most 31 days') as string },
  ]);
  expect(await problem('from=yesterday')).toMatchObject([{ path: 'from' }]);
  await api.refused('analyst', '/exports/users?from=2026-03-01T00:00:00Z', 422);
  await api.refused('support', `/exports/steps?${window()}`, 403);
});

test('a window with nothing in it is an empty table, not an error', async () => {
  const { bytes } = await download('/exports/steps?from=2020-03-01T00:00:00Z&to=2020-03-02T00:00:00Z&format=csv');
  expect(bytes.toString().trim().split('\n')).toHaveLength(1);
});
