import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admit } from '#app/sql/admit.ts';
import { type Analyst, openAnalyst } from '#app/sql/analyst.ts';
import { exampleQueries } from '#app/sql/examples.ts';
import { mayCall } from '#app/sql/functions.ts';
import type { QueryProgress, QueryResult } from '#app/sql/progress.ts';
import { QueryRefused } from '#app/sql/refused.ts';
import type { Act, Audit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { makeQueryViews } from '#platform/clickhouse/query-views.ts';
import { queryTables } from '#platform/clickhouse/query-tables.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';
import { at, createOrderStory } from '../support/order-story.ts';

const story = createOrderStory();
const window = { from: at(0), to: at(60) };
const outfile = join(tmpdir(), `query-escape-${process.pid}.csv`);
const acts: Act[] = [];
const audit: Audit = {
  record: (act) => void acts.push(act),
  recordFirst: async (act) => void acts.push(act),
  kept: async () => {},
  latest: async () => [],
};
let store: TestClickHouse;
let analyst: Analyst;

/** Orders whose customers' addresses stand where analysts must not see them. */
function tell(): void {
  for (let number = 1; number <= 7; number += 1) {
    const order = {
      key: `shop==${number}`,
      number: `#${number}`,
      placed: -5,
      channel: number % 2 === 0 ? 'web' : 'market',
      amount: `${number}.50`,
      currency: 'USD',
      deadline: undefined,
    };
    story.add(order, 'intake_received', number, {
      system: 'shop',
      attributes: { ref_customer_email: 'secret@example.com', ref_order_number: `#${number}` },
    });
    story.add(order, 'erp_create_sales_order', 10 + number, {
      system: 'erp',
      attributes: { document: 'sales_order', posting_key: `so-${number}` },
      ...(number === 7
        ? {
            status: 'failed',
            error_class: 'mapping',
            error_code: 'NO_TAX',
            error_message: 'Not for secret@example.com',
          }
        : {}),
    });
  }
}

async function ask(sql: string, person = 'ana', signal = new AbortController().signal) {
  const told: QueryProgress[] = [];
  await analyst.ask({ sql, person, window, signal }, (progress) => told.push(progress));
  return told;
}
async function result(sql: string): Promise<QueryResult> {
  const last = (await ask(sql, `person-${Math.random()}`)).at(-1);
  if (last?.state !== 'done') throw new Error(`${sql}: ${JSON.stringify(last)}`);
  return last.result;
}
async function refusal(sql: string): Promise<string> {
  const last = (await ask(sql, `person-${Math.random()}`)).at(-1);
  if (last?.state !== 'refused') throw new Error(`${sql} was answered: ${JSON.stringify(last)}`);
  return last.message;
}
const judged = (sql: string) => admit(store.clickhouse, sql, window);

/** Everything that a query could have changed. */
async function everything(): Promise<unknown> {
  const tables = await store.clickhouse.query(
    `SELECT database, name, total_rows FROM system.tables WHERE database NOT IN ('system') ORDER BY database, name`,
  );
  const others = await store.clickhouse.query(
    `SELECT (SELECT count() FROM system.functions WHERE origin != 'System') AS functions, (SELECT count() FROM system.dictionaries) AS dictionaries`,
  );
  return { tables, others };
}

beforeAll(async () => {
  store = await startClickHouse({ readers: 2 });
  tell();
  await story.land(store.clickhouse);
  analyst = openAnalyst({ clickhouse: store.clickhouse, audit, log: silentLog });
}, 60_000);
afterAll(async () => {
  await analyst.close();
  await store.close();
});

it('gives a place of a query no value that a page asked something else with', async () => {
  const secret = 'secret@example.com';
  const asked = Array.from({ length: 12 }, () =>
    store.clickhouse.query('SELECT {text:String} AS text, {limit:UInt32} AS limit', {
      params: { text: secret, limit: 7 },
    }),
  );
  await Promise.all(asked);
  for (const place of ['{text:String}', '{text:Array(String)}', '{limit:UInt32}', '{sql:String}'])
    for (let time = 0; time < 6; time += 1) {
      const refused = await judged(`SELECT ${place} AS value`).catch((error: unknown) => error);
      if (!(refused instanceof QueryRefused)) throw new Error(`${place} was given a value: ${String(refused)}`);
      expect(refused.message).toContain('are given values');
      expect(refused.message).not.toContain(secret);
    }
});

const attacks: Record<string, string[]> = {
  'more than one statement': [
    'SELECT 1; SELECT 2',
    'SELECT 1; DROP TABLE steps',
    'SELECT 1;\n\n;DROP TABLE syncline.steps',
    "SELECT ';' ; SELECT 1",
    'SELECT 1 /* ; */ ; /* */ TRUNCATE TABLE syncline.steps',
    'SELECT 1 -- \n; INSERT INTO syncline.steps SELECT * FROM syncline.steps',
    'SELECT 1 PARALLEL WITH DROP TABLE syncline.steps',
    'SELECT 1)); DROP TABLE syncline.steps; SELECT ((1',
    "SELECT 'a\\'; DROP TABLE syncline.steps; --",
  ],
  'a statement that is no SELECT': [
    'INSERT INTO syncline.steps SELECT * FROM syncline.steps',
    "INSERT INTO FUNCTION file('x.csv') SELECT 1",
    'CREATE TABLE x (a UInt8) ENGINE = Memory',
    "CREATE TABLE x ENGINE = File(CSV, '/etc/passwd')",
    'CREATE TEMPORARY TABLE x AS SELECT 1',
    'CREATE FUNCTION f AS (x) -> x + 1',
    'CREATE VIEW v AS SELECT * FROM syncline.audit',
    'DROP TABLE steps',
    'TRUNCATE TABLE syncline.steps',
    'ALTER TABLE syncline.steps DELETE WHERE 1',
    'DELETE FROM syncline.steps WHERE 1',
    'UPDATE syncline.steps SET key = 1 WHERE 1',
    'OPTIMIZE TABLE syncline.steps',
    'RENAME TABLE syncline.steps TO syncline.x',
    'ATTACH TABLE x',
    'DETACH TABLE syncline.steps',
    'SET readonly = 0',
    'USE system',
    'KILL QUERY WHERE 1',
    'SYSTEM SHUTDOWN',
    'SYSTEM RELOAD CONFIG',
    'GRANT ALL ON *.* TO default',
    "CREATE USER x IDENTIFIED BY 'y'",
    "BACKUP DATABASE syncline TO File('/tmp/x')",
    'SHOW TABLES',
    'SHOW CREATE TABLE syncline.steps',
    'SHOW DATABASES',
    'DESCRIBE TABLE syncline.audit',
    'EXISTS TABLE syncline.audit',
    'EXPLAIN SELECT 1',
    'EXPLAIN AST SELECT 1',
    'EXPLAIN ESTIMATE SELECT * FROM syncline.steps',
    'WATCH steps',
    'CHECK TABLE syncline.steps',
    'BEGIN TRANSACTION',
    'EXECUTE AS default SELECT 1',
    'COPY steps TO STDOUT',
    'graph = 1 SELECT 1',
    'VALUES (1)',
  ],
  'output elsewhere than to the page': [
    `SELECT 1 INTO OUTFILE '${outfile}'`,
    `SELECT 1 INTO OUTFILE '${outfile}' TRUNCATE FORMAT CSV`,
    `SELECT 1 INTO/**/OUTFILE '${outfile}' AND STDOUT`,
    `(SELECT 1) INTO OUTFILE '${outfile}'`,
    `SELECT 1 UNION ALL SELECT 2 INTO OUTFILE '${outfile}'`,
    `WITH a AS (SELECT 1) SELECT * FROM a INTO OUTFILE '${outfile}' APPEND`,
    'SELECT 1 FORMAT JSON',
    'SELECT 1 FORMAT Null',
    'SELECT 1 FORMAT Template',
  ],
  'changed settings': [
    'SELECT 1 SETTINGS readonly = 0',
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT * FROM (SELECT 1 SETTINGS max_threads = 8)',
    'WITH a AS (SELECT 1 SETTINGS max_memory_usage = 0) SELECT * FROM a',
    'SELECT 1 UNION ALL SELECT 2 SETTINGS max_result_rows = 0',
    "SELECT 1 SETTINGS additional_result_filter = '1'",
    'SELECT 1 SETTINGS no_such_setting = 1',
    'SELECT (SELECT 1 SETTINGS readonly = 0)',
  ],
  'tables that are not offered': [
    'SELECT * FROM syncline.audit',
    'SELECT * FROM syncline.steps',
    'SELECT * FROM `syncline`.`audit`',
    'SELECT * FROM "syncline"."audit"',
    'SELECT * FROM `syncline.audit`',
    'SELECT * FROM syncline . audit',
    'SELECT * FROM syncline/**/./**/audit',
    'SELECT * FROM system.tables',
    'SELECT * FROM system.one',
    'SELECT * FROM SYSTEM.ONE',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM INFORMATION_SCHEMA.COLUMNS',
    'SELECT * FROM syncline_query.steps',
    'SELECT * FROM default.x',
    'SELECT * FROM audit',
    'SELECT * FROM payloads',
    'SELECT * FROM rejected_steps',
    'SELECT * FROM migrations',
    'SELECT * FROM transaction_states',
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM `/etc/passwd`',
    'SELECT * FROM "data.csv"',
    'SELECT * FROM steps JOIN syncline.audit AS a ON 1 = 1',
    'SELECT * FROM steps, syncline.audit',
    'SELECT 1 WHERE 1 IN (SELECT 1 FROM syncline.audit)',
    'SELECT 1 WHERE 1 IN syncline.audit',
    'SELECT 1 WHERE 1 IN (syncline.audit)',
    'SELECT 1 WHERE 1 NOT IN system.one',
    'SELECT 1 WHERE 1 GLOBAL IN system.one',
    'SELECT in(1, system.one)',
    'SELECT count() FROM steps WHERE key IN audit',
    'SELECT `x\n     Literal 1` IN system.one FROM (SELECT 0 AS `x\n     Literal 1`)',
    'SELECT `x\n   ExpressionList (children 1)\n    Identifier y` IN system.one',
    'SELECT (SELECT count() FROM syncline.audit)',
    'WITH (SELECT count() FROM syncline.audit) AS n SELECT n',
    'WITH a AS (WITH b AS (SELECT * FROM syncline.audit) SELECT * FROM b) SELECT * FROM a',
    'WITH steps AS (SELECT * FROM syncline.audit) SELECT * FROM steps',
    'WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r, syncline.audit) SELECT * FROM r',
    'SELECT * FROM (SELECT * FROM (SELECT * FROM syncline.audit))',
    'SELECT exists(SELECT 1 FROM syncline.audit)',
    'SELECT 1 UNION ALL SELECT count() FROM syncline.audit',
    'SELECT 1 INTERSECT SELECT count() FROM syncline.audit',
    'SELECT 1 EXCEPT SELECT count() FROM syncline.audit',
    'SELECT * FROM steps ARRAY JOIN (SELECT groupArray(actor) FROM syncline.audit) AS a',
    'SELECT * FROM steps ORDER BY (SELECT count() FROM syncline.audit)',
    'SELECT count() FROM steps HAVING (SELECT count() FROM syncline.audit) > 0',
    'SELECT 1 LIMIT (SELECT count() FROM syncline.audit)',
    'SELECT sum(1) OVER (ROWS BETWEEN (SELECT count() FROM syncline.audit) PRECEDING AND CURRENT ROW) FROM steps',
    'SELECT sum(1) OVER w FROM steps WINDOW w AS (PARTITION BY (SELECT any(actor) FROM syncline.audit))',
    'SELECT quantile((SELECT 0.5 FROM syncline.audit))(attempt) FROM steps',
    'SELECT sum(attempt) FILTER (WHERE (SELECT 1 FROM syncline.audit)) FROM steps',
    'SELECT key = ANY (SELECT actor FROM syncline.audit) FROM steps',
    'SELECT 1 FROM steps GROUP BY GROUPING SETS (((SELECT any(actor) FROM syncline.audit)), (key))',
    'SELECT sum(1) OVER (ORDER BY (SELECT count() FROM syncline.audit)) FROM steps',
    'SELECT * REPLACE ((SELECT count() FROM syncline.audit) AS key) FROM steps',
    'TABLE syncline.audit',
    'FROM syncline.audit SELECT *',
    'FROM syncline.audit',
    'SELECT * FROM {from:Identifier}',
    'SELECT * FROM {table:Identifier}',
    'SELECT * FROM syncline.{from:Identifier}',
    'SELECT * FROM {db:Identifier}.{table:Identifier}',
    "SELECT '{from:DateTime64(3)}' FROM syncline.audit",
    'SELECT `{to:DateTime64(3)}` FROM syncline.audit',
    "SELECT 1 AS `a'`, {from:DateTime64(3)}, '`' FROM syncline.audit",
    'SELECT 1 FROM {from:DateTime64(3)}',
  ],
  'table functions': [
    "SELECT * FROM file('/etc/passwd', LineAsString)",
    "SELECT * FROM FILE('/etc/passwd')",
    "SELECT * FROM `file`('/etc/passwd')",
    'SELECT * FROM "file"(\'/etc/passwd\')',
    "SELECT * FROM file/**/('/etc/passwd')",
    "SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')",
    "SELECT * FROM urlCluster('a', 'http://127.0.0.1:1/', CSV)",
    "SELECT * FROM s3('http://127.0.0.1:1/x.csv')",
    "SELECT * FROM remote('127.0.0.1', system, one)",
    "SELECT * FROM remoteSecure('127.0.0.1', system.one)",
    "SELECT * FROM cluster('default', system.one)",
    "SELECT * FROM clusterAllReplicas('default', system, one)",
    "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM sqlite('/tmp/x.db', 'a')",
    "SELECT * FROM mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'e')",
    "SELECT * FROM redis('127.0.0.1:1', 'a', 'a String')",
    "SELECT * FROM jdbc('a', 'b')",
    "SELECT * FROM odbc('a', 'b')",
    "SELECT * FROM hdfs('hdfs://a/b', 'CSV')",
    "SELECT * FROM executable('cat', CSV, 'a String')",
    "SELECT * FROM input('a String')",
    "SELECT * FROM merge('syncline', '.*')",
    "SELECT * FROM merge(REGEXP('.*'), '.*')",
    "SELECT * FROM dictionary('x')",
    'SELECT * FROM view(SELECT * FROM syncline.audit)',
    "SELECT * FROM viewIfPermitted(SELECT 1 ELSE null('a UInt8'))",
    "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
    'SELECT * FROM (EXPLAIN SELECT * FROM syncline.audit)',
    "SELECT * FROM loop('syncline', 'audit')",
    "SELECT * FROM mergeTreeIndex('syncline', 'audit')",
    "SELECT * FROM mergeTreeProjection('syncline', 'audit', 'x')",
    "SELECT * FROM generateRandom('a String')",
    "SELECT * FROM fuzzQuery('SELECT 1')",
    "SELECT * FROM eval('SELECT 1')",
    "SELECT * FROM filesystem('/etc')",
    "SELECT * FROM format(JSONEachRow, '{}')",
    "SELECT * FROM values('a UInt8', 1)",
    "SELECT * FROM null('a UInt8')",
    'SELECT * FROM numbers_mt(1)',
    "SELECT * FROM iceberg('http://127.0.0.1:1/')",
    "SELECT * FROM deltaLake('http://127.0.0.1:1/')",
    'SELECT * FROM Python(x)',
    'SELECT * FROM steps(a = 1)',
    "WITH a AS (SELECT * FROM file('/etc/passwd')) SELECT 1",
    "WITH a AS (WITH b AS (SELECT * FROM url('http://127.0.0.1:1/')) SELECT * FROM b) SELECT * FROM a",
    "SELECT 1 WHERE 1 IN file('/etc/passwd')",
    "SELECT 1 WHERE 1 IN (SELECT * FROM file('/etc/passwd'))",
    "SELECT * FROM steps JOIN file('/etc/passwd') AS f ON 1 = 1",
    "SELECT (SELECT * FROM file('/etc/passwd') LIMIT 1)",
    'SELECT * FROM `numbers\n Function x`(1)',
  ],
  'functions that reach out, wait or tell of the machine': [
    "SELECT file('/etc/passwd')",
    "WITH file('/etc/passwd') AS f SELECT 1",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT key FROM steps ORDER BY file('/etc/passwd')",
    "SELECT key FROM steps GROUP BY key, file('/etc/passwd')",
    "SELECT key FROM steps WINDOW w AS (ORDER BY file('/etc/passwd'))",
    "SELECT key FROM steps ORDER BY key WITH FILL INTERPOLATE (key AS file('/etc/passwd'))",
    "SELECT key FROM steps LIMIT 1 BY file('/etc/passwd')",
    "SELECT key FROM steps QUALIFY file('/etc/passwd') = ''",
    "SELECT key FROM steps PREWHERE file('/etc/passwd') = ''",
    'SELECT * APPLY file FROM steps',
    'SELECT * APPLY(x -> sleep(x)) FROM steps',
    'SELECT COLUMNS(key) APPLY sleep FROM steps',
    "SELECT * REPLACE (file('/etc/passwd') AS key) FROM steps",
    "SELECT CAST(file('/etc/passwd') AS String)",
    "SELECT file('/etc/passwd')::String",
    "SELECT if(1, file('/etc/passwd'), '')",
    "SELECT dictGet('a', 'b', 1)",
    "SELECT dictHas('a', 1)",
    "SELECT joinGet('syncline.x', 'a', 1)",
    "SELECT hasColumnInTable('syncline', 'audit', 'actor')",
    'SELECT sleep(3)',
    'SELECT sleepEachRow(1) FROM steps',
    'SELECT hostName()',
    'SELECT fqdn()',
    'SELECT currentUser()',
    'SELECT user()',
    'SELECT currentDatabase()',
    'SELECT connectionId()',
    'SELECT version()',
    'SELECT @@version',
    "SELECT getSetting('readonly')",
    "SELECT getServerSetting('max_connections')",
    "SELECT getMacro('x')",
    "SELECT getServerPort('tcp_port')",
    "SELECT getClientHTTPHeader('x')",
    'SELECT getOSKernelVersion()',
    'SELECT filesystemAvailable()',
    'SELECT uptime()',
    'SELECT serverUUID()',
    'SELECT queryID()',
    'SELECT buildId()',
    "SELECT catboostEvaluate('/etc/passwd', 1)",
    "SELECT aiGenerate('x')",
    'SELECT showCertificate()',
    'SELECT addressToLine(1)',
    "SELECT logTrace('x')",
    "SELECT throwIf(1, 'x')",
    "SELECT formatRow('CSV', 1)",
    "SELECT encrypt('aes-128-ecb', 'a', 'b')",
    'SELECT regionToName(1)',
    "SELECT structureToCapnProtoSchema('a UInt8')",
    'SELECT generateSerialID(1)',
    'SELECT aggThrow(1)',
    'SELECT flameGraph(1)',
    "SELECT initializeAggregation('sum', 1)",
    "SELECT arrayReduce('sum', [1])",
    'SELECT `hostName`()',
    'SELECT "sleep"(1)',
    'SELECT HOSTNAME()',
    'SELECT hostname ( )',
    'SELECT arrayFold((a, x) -> a + x, range(1000000), toUInt64(0))',
    'SELECT editDistance(key, business_key) FROM steps',
    'SELECT no_such_function(1)',
    // Homoglyphs: Cyrillic and full width letters are other names, which nothing is.
    "SELECT fіle('/etc/passwd')",
    "SELECT ｆｉｌｅ('/etc/passwd')",
    'SELECT ѕum(1)',
  ],
  'text that is no query': [
    '',
    '   ',
    '-- only a comment',
    '/* only a comment */',
    'SELECT',
    'hello',
    'SELECT * FROM',
    "SELECT 'open",
    'SELECT /* open',
    'SELECT `open',
    'SELECT 1 )',
    'SELECT \u0000 1',
    'SELECT {}',
    'SELECT {unknown:String}',
    `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
    `SELECT ${'-'.repeat(19_000)}1`,
    `SELECT ${Array.from({ length: 30_000 }, () => '1').join(',')}`,
    `${'SELECT * FROM ('.repeat(800)}SELECT 1${')'.repeat(800)}`,
  ],
};

describe('what Query refuses', () => {
  for (const [what, queries] of Object.entries(attacks))
    it(
      what,
      async () => {
        const before = await everything();
        for (const sql of queries) {
          const words = await refusal(sql);
          expect(words.length, sql).toBeGreaterThan(10);
          expect(words, sql).not.toMatch(/DB::|store\/|\/metadata|Stack trace|The reason is in the log/);
        }
        expect(await everything()).toEqual(before);
      },
      120_000,
    );

  it('before it is run: all but unknown names are refused by reading the query', async () => {
    for (const [what, queries] of Object.entries(attacks))
      for (const sql of queries) {
        const unknownName =
          /^hello$|^SELECT \* FROM (audit|payloads|rejected_steps|migrations|transaction_states|`?\/?etc)\b/.test(sql);
        if (unknownName) continue;
        await expect(judged(sql), `${what}: ${sql}`).rejects.toBeInstanceOf(QueryRefused);
      }
  }, 120_000);

  it('writes no file, wherever it was asked to', async () => {
    expect(existsSync(outfile)).toBe(false);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('query-escape'))).toEqual([]);
  });

  it('says where in the text it is', async () => {
    const [, last] = [...(await ask('SELECT key,\n  hostName()\nFROM steps')), undefined].reverse();
    expect(last).toEqual({
      state: 'refused',
      message: 'The function hostName is not offered here.',
      place: { line: 2, column: 3 },
    });
    expect((await ask('SELECT 1,\n  FROM WHERE steps x y')).at(-1)).toMatchObject({
      state: 'refused',
      place: { line: 2 },
    });
    expect((await ask('SELECT key, ordr\nFROM steps')).at(-1)).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('`ordr`') as string,
      place: { line: 1, column: 13 },
    });
    expect((await ask('SELECT "ü", nope FROM steps')).at(-1)).toMatchObject({ state: 'refused' });
  });
});

describe('the functions that may be called', () => {
  it('exist, and none of them is the name of a table function but numbers', async () => {
    const tables = await store.clickhouse.query('SELECT name FROM system.table_functions');
    expect(tables.map(({ name }) => String(name)).filter(mayCall)).toEqual(['numbers']);
  });

  it('are none of those that reach beyond the query', async () => {
    const rows = await store.clickhouse.query(
      `SELECT name FROM system.functions WHERE hasAny(splitByString(',', ifNull(toString(categories), '')), ['AI', 'Dictionary', 'Embedded Dictionary', 'Encryption', 'Introspection'])`,
    );
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.map(({ name }) => String(name)).filter(mayCall)).toEqual([]);
  });
});

describe('what Query answers', () => {
  const inHour = ({ ended_at }: { ended_at: string }) => ended_at >= window.from && ended_at < window.to;

  it('gives an analyst the figures of the raw events', async () => {
    const events = story.events.filter(inHour);
    expect((await result('SELECT count() FROM steps')).rows).toEqual([[String(events.length)]]);
    const byChannel = await result(
      `SELECT channel, count() AS orders, sum(amount) AS value FROM transactions
       WHERE flow = 'order_to_cash' GROUP BY channel ORDER BY channel`,
    );
    expect(byChannel.columns.map(({ name }) => name)).toEqual(['channel', 'orders', 'value']);
    expect(byChannel.rows).toEqual([
      ['market', '4', '18'],
      ['web', '3', '13.5'],
    ]);
    expect(byChannel.more).toBe(false);
    expect(byChannel.rowsRead).toBeGreaterThan(0);
  });

  it('follows the time range of the page, half-open', async () => {
    const within = `SELECT count() FROM steps WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}`;
    expect((await result(within)).rows).toEqual([[String(story.events.filter(inHour).length)]]);
    const told: QueryProgress[] = [];
    const narrow = { from: at(3), to: at(5) };
    await analyst.ask({ sql: within, person: 'n', window: narrow, signal: new AbortController().signal }, (one) =>
      told.push(one),
    );
    const expected = story.events.filter(({ ended_at }) => ended_at >= narrow.from && ended_at < narrow.to).length;
    expect(told.at(-1)).toMatchObject({ state: 'done', result: { rows: [[String(expected)]] } });
  });

  it.each([
    ['WITH', 'WITH a AS (SELECT key FROM steps), b AS (SELECT key FROM a) SELECT uniqExact(key) FROM b', '7'],
    [
      'a subquery after IN',
      `SELECT count() FROM postings WHERE key IN (SELECT key FROM transactions WHERE had_failure)`,
      '1',
    ],
    ['a list after IN', `SELECT uniqExact(key) FROM steps WHERE channel IN ('web', 'none')`, '3'],
    ['a join', `SELECT count() FROM transactions AS t INNER JOIN postings AS p ON p.key = t.key`, '7'],
    [
      'a window',
      `SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY channel ORDER BY at) AS n FROM steps WHERE step = 'intake_received')`,
      '4',
    ],
    ['UNION ALL', `SELECT sum(n) FROM (SELECT 1 AS n UNION ALL SELECT 2)`, '3'],
    ['aggregates with conditions', `SELECT countIf(status = 'failed') FROM steps`, '1'],
    ['numbers and arrays', 'SELECT sum(arraySum(arrayMap(x -> x * 2, range(number)))) FROM numbers(4)', '8'],
    ['a scalar subquery', 'SELECT (SELECT max(ordinal) FROM steps)', 2],
    ['quoted names and a comment', 'SELECT count() AS "how many" FROM `steps` -- all of them', '14'],
    ['a semicolon at the end and one in text', "SELECT length('a;b') ;", '3'],
    ['text with what would be refused as SQL', "SELECT length('file(1) INTO OUTFILE; DROP') + 0", '26'],
  ])('%s', async (_, sql, figure) => {
    expect((await result(sql)).rows).toEqual([[figure]]);
  });

  it('every example that the page offers', async () => {
    for (const { name, sql } of exampleQueries) expect((await result(sql)).columns.length, name).toBeGreaterThan(1);
    expect((await result(exampleQueries[0]?.sql ?? '')).rows.length).toBeGreaterThan(0);
  });

  it('each table with exactly the columns that are told', async () => {
    for (const { name, columns } of queryTables) {
      const answer = await result(`SELECT * FROM ${name} LIMIT 1`);
      expect(
        answer.columns.map((column) => column.name),
        name,
      ).toEqual(Object.keys(columns));
    }
  });

  it('nothing that an earlier program offered and this one does not', async () => {
    const { clickhouse } = store;
    await clickhouse.command(`CREATE VIEW syncline_query.formerly AS SELECT key, error_message FROM syncline.steps`);
    await makeQueryViews(clickhouse);
    expect(await refusal('SELECT * FROM formerly')).toContain('formerly');
    const left = await clickhouse.query(
      `SELECT name FROM system.tables WHERE database = 'syncline_query' ORDER BY name`,
    );
    expect(left.map(({ name }) => name)).toEqual(queryTables.map(({ name }) => name).sort());
  });

  it('without personal data and without what somebody wrote', async () => {
    for (const { name } of queryTables)
      expect(JSON.stringify(await result(`SELECT * FROM ${name}`)), name).not.toContain('secret@');
    expect((await result('SELECT count() FROM transaction_references')).rows[0]?.[0]).not.toBe('0');
    for (const column of ['attributes', 'error_message', 'note', 'state'])
      expect(await refusal(`SELECT ${column} FROM steps`), column).toContain(column);
  });

  it('whole numbers and money exactly', async () => {
    const { rows } = await result(
      `SELECT toUInt64(18446744073709551615), toDecimal64(0.1, 4) + toDecimal64(0.2, 4), NULL, [1, 2]`,
    );
    expect(rows).toEqual([['18446744073709551615', '0.3', null, '[1,2]']]);
  });

  it('no more rows than it shows, and says so', async () => {
    const some = await result('SELECT number FROM numbers(10000)');
    expect([some.rows.length, some.more]).toEqual([10_000, false]);
    const many = await result('SELECT number FROM numbers(1000000)');
    expect([many.rows.length, many.more]).toEqual([10_000, true]);
    const long = await result(`SELECT leftPad('', 1000000, 'x') AS text FROM numbers(50)`);
    expect(long.more).toBe(true);
    expect(long.rows.length).toBeLessThan(10);
  });
});

describe('a query that asks for too much', () => {
  it.each([
    ['rows', 'SELECT count() FROM numbers(1000000000000)', 'million rows'],
    ['memory', 'SELECT length(groupArray(number)) FROM numbers(200000000)', 'memory'],
    ['elements', 'SELECT length(range(1000000000))', 'range'],
  ])('of %s ends with words', async (_, sql, words) => {
    expect(await refusal(sql)).toContain(words);
  });

  it('is stopped by its time limit while pages are answered, and leaves nothing to the next one', async () => {
    const cross =
      'SELECT sum(cityHash64(a.number, b.number)) FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b';
    const slow: QueryProgress[] = [];
    const endless = analyst.ask(
      { sql: cross, person: 'slow', window, signal: new AbortController().signal },
      (progress) => slow.push(progress),
    );
    await expect.poll(() => slow).toEqual([{ state: 'running' }]);
    const waiting: QueryProgress[] = [];
    const behind = analyst.ask(
      { sql: 'SELECT 1 AS one', person: 'next', window, signal: new AbortController().signal },
      (progress) => waiting.push(progress),
    );
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    expect(waiting).toEqual([{ state: 'waiting', place: 1 }]);
    expect((await ask('SELECT 1', 'slow')).at(-1)).toMatchObject({
      message: expect.stringContaining('before this one') as string,
    });
    const leaving = new AbortController();
    const third: QueryProgress[] = [];
    const left = analyst.ask({ sql: 'SELECT 2', person: 'third', window, signal: leaving.signal }, (progress) =>
      third.push(progress),
    );
    await expect.poll(() => third).toEqual([{ state: 'waiting', place: 2 }]);
    expect(
      await store.clickhouse.query('SELECT count() AS n FROM steps WHERE flow = {flow:String}', {
        params: { flow: 'order_to_cash' },
      }),
    ).toEqual([{ n: 14 }]);
    expect(waiting).toHaveLength(1);
    leaving.abort();
    await left;
    expect(third.at(-1)).toMatchObject({ state: 'refused' });
    await endless;
    expect(slow.at(-1)).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('30 seconds') as string,
    });
    await behind;
    expect(waiting.at(-1)).toMatchObject({ state: 'done', result: { columns: [{ name: 'one' }], rows: [[1]] } });
  }, 60_000);
});

describe('the audit trail of queries', () => {
  it('has what is admitted before it runs, each end and each refusal, with the hash of the text, never the text', async () => {
    await ask('SELECT 41 + 1 AS answer', 'auditor');
    await ask('SELECT hostName()', 'auditor');
    const own = acts.filter(({ actor }) => actor === 'auditor');
    expect(own).toEqual([
      expect.objectContaining({ action: 'query.admitted', object_id: own[1]?.object_id }),
      expect.objectContaining({
        action: 'query.run',
        actor: 'auditor',
        object_kind: 'query',
        detail: { rows: '1', ms: expect.any(String) as string },
      }),
      expect.objectContaining({
        action: 'query.run',
        outcome: 'refused',
        detail: { error: 'refused', ms: expect.any(String) as string },
      }),
    ]);
    expect(own[0]?.object_id).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(acts)).not.toContain('answer');
  });

  it('and of one person at most thirty a minute are run', async () => {
    const outcomes: string[] = [];
    for (let run = 0; run < 31; run += 1) outcomes.push((await ask('SELECT 1', 'eager')).at(-1)?.state ?? '');
    expect(outcomes.filter((state) => state === 'done')).toHaveLength(30);
    expect(outcomes.at(-1)).toBe('refused');
  });
});
