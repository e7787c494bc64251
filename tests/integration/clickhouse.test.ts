import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate, MigrationError } from '#platform/clickhouse/migrate.ts';
import { defineQuery, runQuery } from '#platform/clickhouse/query.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';

let store: TestClickHouse;
beforeAll(async () => {
  store = await startClickHouse();
});
afterAll(() => store.close());

describe('ClickHouse', () => {
  it('binds parameters, never as text of the query', async () => {
    const echo = defineQuery({
      name: 'echo',
      sql: "SELECT {text:String} AS text, has({list:Array(String)}, 'b\\'') AS found, {n:UInt32} AS n",
      params: z.object({ text: z.string(), list: z.array(z.string()), n: z.int() }),
      row: z.object({ text: z.string(), found: z.literal(1), n: z.number() }),
    });
    const text = "'; DROP TABLE steps -- \\ \n\t{n:UInt32} é";
    expect(await runQuery(store.clickhouse, echo, { text, list: ['a', "b'"], n: 7 })).toEqual([
      { text, found: 1, n: 7 },
    ]);
  });

  it('gives nobody what a failed question had printed before it failed', async () => {
    const failing = 'SELECT number, throwIf(number = 200000) FROM numbers(300000)';
    const asked = Array.from({ length: 12 }, async (_, i) => {
      if (i % 3 === 0) return expect(store.clickhouse.query(failing)).rejects.toThrow('throwIf');
      return expect(await store.clickhouse.query(`SELECT ${i} AS n`)).toEqual([{ n: i }]);
    });
    await Promise.all(asked);
    await expect(store.clickhouse.query(failing, { onWriter: true })).rejects.toThrow('throwIf');
    expect(await store.clickhouse.query('SELECT 1 AS n', { onWriter: true })).toEqual([{ n: 1 }]);
  });

  it('reads only, within limits that no question changes, on a connection that is opened for that', async () => {
    const limits = { max_result_rows: 10, max_execution_time: 5 };
    const connection = await store.clickhouse.openReadOnly(store.clickhouse.database, limits);
    const rows = async (sql: string) => (JSON.parse(await connection.answer(sql, 'test')) as { data: unknown[] }).data;
    expect(await rows('SELECT 1')).toEqual([[1]]);
    await expect(rows('SELECT number FROM numbers(100)')).rejects.toThrow();
    await expect(rows('SELECT 1 SETTINGS max_result_rows = 0')).rejects.toThrow('readonly');
    await expect(rows('INSERT INTO migrations (number) SELECT 1')).rejects.toThrow();
    expect(await rows("SELECT getSetting('readonly'), currentDatabase()")).toEqual([[1, store.clickhouse.database]]);
    await connection.close();
    await expect(store.clickhouse.openReadOnly('no_such_database', limits)).rejects.toMatchObject({ code: 81 });
    expect(await store.clickhouse.query('SELECT count() > 0 AS there FROM migrations')).toEqual([{ there: 1 }]);
  });

  it('explains a query line by line', async () => {
    expect(await store.clickhouse.explain("AST SELECT 'a\nb'")).toEqual([
      'SelectWithUnionQuery (children 1)',
      ' ExpressionList (children 1)',
      '  SelectQuery (children 1)',
      '   ExpressionList (children 1)',
      "    Literal 'a\\nb'",
    ]);
  });

  it('answers each of many parallel questions with its own parameters', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        store.clickhouse.query('SELECT {n:UInt32} AS n, sleep(0.005)', { params: { n: i } }),
      ),
    );
    expect(answers.map(([row]) => row?.['n'])).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('answers a short question while a long one is under way, although both have parameters', async () => {
    const answered: string[] = [];
    const ask = async (name: string, seconds: number) => {
      await store.clickhouse.query('SELECT sleep({seconds:Float64})', { params: { seconds } });
      answered.push(name);
    };
    await Promise.all([ask('long', 3), ask('short', 0)]);
    expect(answered).toEqual(['short', 'long']);
  });

  it('takes parameters of any length', async () => {
    const list = Array.from({ length: 50_000 }, (_, i) => `order-${i}`);
    expect(await store.clickhouse.query('SELECT length({list:Array(String)}) AS n', { params: { list } })).toEqual([
      { n: 50_000 },
    ]);
  });

  it('refuses a question that lacks a parameter, although the connection has one from another question', async () => {
    await store.clickhouse.query('SELECT {n:UInt32} AS n', { params: { n: 1 } });
    await expect(store.clickhouse.query('SELECT {n:UInt32} AS n', { params: { m: 1 } })).rejects.toThrow('"n"');
    await expect(store.clickhouse.query('SELECT {n:UInt32} AS n')).rejects.toThrow('"n"');
    await expect(
      store.clickhouse.query('SELECT {n:UInt32} AS n', { params: { 'n = 1, param_m': 1, n: 1 } }),
    ).rejects.toThrow('not a name');
  });

  it('gives a query up at its time limit, and only that query', async () => {
    await expect(store.clickhouse.query('SELECT sleep(3)', { timeLimit: 1 })).rejects.toMatchObject({ code: 159 });
    expect(await store.clickhouse.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses to write on a reading connection', async () => {
    await expect(store.clickhouse.query('TRUNCATE TABLE steps')).rejects.toMatchObject({ code: 164 });
  });

  it('says times in RFC 3339, decimals as text and 64-bit integers as numbers', async () => {
    expect(
      await store.clickhouse.query(
        "SELECT toDateTime64('2026-01-02 03:04:05.678', 3, 'UTC') AS at, toDecimal64('1.50', 2) AS amount, toUInt64(5) AS n",
      ),
    ).toEqual([{ at: '2026-01-02T03:04:05.678Z', amount: '1.5', n: 5 }]);
  });

  it('says in one line that a folder is in use by another process', async () => {
    const entry = `import { openClickHouse } from '#platform/clickhouse/client.ts';
      openClickHouse({ path: ${JSON.stringify(store.path)} }).catch((error) => process.stdout.write(error.message));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', entry], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => child.once('exit', resolve));
    expect(said).toMatch(/^The ClickHouse data folder .* another Syncline process .*$/);
    expect(said).not.toContain('\n');
  });

  it('says that no server answers', async () => {
    await expect(openClickHouse({ url: 'http://user:secret@127.0.0.1:9' })).rejects.toThrow(
      'No ClickHouse server answers at http://user@127.0.0.1:9/.',
    );
  });
});

describe('the migrations runner', () => {
  it('runs each file once, refuses an edited one, and a database newer than the program', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-migrations-'));
    const write = (name: string, sql: string) => writeFile(join(folder, name), sql);
    const run = () => migrate(store.clickhouse, { folder });
    await store.clickhouse.command('TRUNCATE TABLE migrations');
    await write(
      '0001_one.sql',
      '-- one\nCREATE TABLE m_one (x UInt8) ENGINE = Memory;\nCREATE TABLE m_two (x UInt8) ENGINE = Memory;\n',
    );
    expect(await run()).toEqual({ applied: ['0001_one.sql'] });
    expect(await run()).toEqual({ applied: [] });

    await write(
      '0002_two.sql',
      '-- two\nCREATE TABLE m_two (x UInt8) ENGINE = Memory;\nCREATE TABLE m_three (x UInt8) ENGINE = Memory;\n',
    );
    expect(await run(), 'a run that died half way is completed').toEqual({ applied: ['0002_two.sql'] });
    expect(await store.clickhouse.query('SELECT count() AS n FROM m_three')).toEqual([{ n: 0 }]);

    await write('0001_one.sql', '-- one\nSELECT 1;\n');
    await expect(run()).rejects.toThrow('0001_one.sql was edited');
    await rm(join(folder, '0002_two.sql'));
    await expect(run()).rejects.toThrow(MigrationError);
    await write('0004_four.sql', '-- four\nSELECT 1;\n');
    await expect(run()).rejects.toThrow('Migration 2 is missing');
    await rm(folder, { recursive: true });
  });
});
