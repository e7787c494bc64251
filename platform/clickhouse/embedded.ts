import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import type { ChdbConnection, createChdbConnection } from 'chdb/connection';
import {
  type ClickHouse,
  ClickHouseFailure,
  ClickHouseUnavailable,
  defaultDatabase,
  readSettings,
  type Settings,
} from './client.ts';
import { explainSettings, readExplained } from './explained.ts';
import { withParameters } from './parameters.ts';

/** Parameters are part of the text here; a list of keys may be long. Bytes. */
const longTexts: Settings = { max_query_size: 64 * 1024 * 1024 };

interface Connected {
  connection: ChdbConnection;
  client: ClickHouseClient;
  /** Questions under way and in line: one connection answers one at a time. */
  busy: number;
  /** Settles once the last of them is answered. */
  turn: Promise<void>;
}

/** Opens the ClickHouse of this process: one writer and a few readers over one folder. */
export async function openEmbedded(address: {
  path: string;
  database?: string;
  readers?: number;
}): Promise<ClickHouse> {
  const database = address.database ?? defaultDatabase;
  const create = await loadChdb();
  await mkdir(address.path, { recursive: true });
  const connect = (): Connected => {
    const connection = openConnection(create, address.path);
    // The same interface declared twice: chdb's types come from client-common, the client bundles its own copy.
    const option = connection as unknown as NonNullable<ClickHouseClientConfigOptions['connection']>;
    return { connection, client: createClient({ connection: option }), busy: 0, turn: Promise.resolve() };
  };
  const writer = connect();
  await writer.client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  await prepare(writer, database, { ...readSettings, ...longTexts });
  const readers: Connected[] = [];
  for (let i = 0; i < (address.readers ?? 4); i++) {
    const reader = connect();
    await prepare(reader, database, { ...readSettings, ...longTexts, readonly: 2 });
    readers.push(reader);
  }
  // An analyst's text is explained where nobody's parameters were set: the plan would show them.
  const explainer = connect();
  await prepare(explainer, database, { ...readSettings, ...longTexts, readonly: 2 });
  const apart: Connected[] = [];
  const leastBusy = () =>
    readers.reduce((best, reader) => (reader.busy < best.busy ? reader : best), readers[0] ?? writer);

  return {
    mode: 'embedded',
    database,
    query: (sql, options = {}) =>
      inTurn(options.onWriter === true ? writer : leastBusy(), async (client) => {
        const result = await client.query({
          query: withParameters(sql, options.params ?? {}),
          format: 'JSONEachRow',
          // A setting sticks to its connection here, so it is named every time.
          clickhouse_settings: { max_execution_time: options.timeLimit ?? 0 },
        });
        return result.json<Record<string, unknown>>();
      }),
    exportRows: (sql, format, options) =>
      inTurn(leastBusy(), async (client) => {
        const { stream } = await client.exec({
          query: `${withParameters(sql, options.params ?? {})} FORMAT ${format}`,
          clickhouse_settings: { max_execution_time: options.timeLimit ?? 0 },
        });
        return stream;
      }),
    explain: (sql) =>
      inTurn(explainer, async (client) => {
        const { stream } = await client.exec({ query: `EXPLAIN ${sql}`, clickhouse_settings: explainSettings });
        return readExplained(await text(stream));
      }),
    async command(sql, settings = {}) {
      const text = Object.keys(settings).length === 0 ? sql : `${sql} SETTINGS ${assignments(settings)}`;
      try {
        await writer.client.command({ query: text });
      } catch (error) {
        throw failure(error);
      }
    },
    async insertRaw(table, rows, settings = {}) {
      try {
        await writer.connection.chdb.rawInsert({ table, values: rows, format: 'JSONEachRow', settings });
      } catch (error) {
        throw failure(error);
      }
    },
    async openReadOnly(name, limits) {
      const connected = connect();
      try {
        await prepare(connected, name, { ...readSettings, ...limits, readonly: 1 });
      } catch (error) {
        await connected.client.close();
        throw failure(error);
      }
      apart.push(connected);
      return {
        answer: (sql) =>
          inTurn(connected, async (client) => {
            const { stream } = await client.exec({ query: `${sql}\nFORMAT JSONCompact` });
            return text(stream);
          }),
        async close() {
          apart.splice(apart.indexOf(connected), 1);
          await connected.client.close();
        },
      };
    },
    ping: async () => (await writer.client.ping()).success,
    async close() {
      for (const { client } of [...apart, explainer, ...readers, writer]) await client.close();
    },
  };
}

/**
 * Asks when all before it are answered. What a query had printed before it failed stays in its connection, which would put
 * it in front of its next answer: that is asked for here, and thrown away, before it is anybody's turn.
 * @throws ClickHouseFailure
 */
async function inTurn<T>(connected: Connected, ask: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const { client } = connected;
  connected.busy++;
  const answer = connected.turn.then(() => ask(client));
  connected.turn = answer
    .then(
      () => undefined,
      // A connection that does not answer this either says so to whoever is next.
      () => client.command({ query: 'SELECT 1' }).catch(() => undefined),
    )
    .then(() => void connected.busy--);
  try {
    return await answer;
  } catch (error) {
    throw failure(error);
  }
}

type CreateConnection = typeof createChdbConnection;

async function loadChdb(): Promise<CreateConnection> {
  try {
    return (await import('chdb/connection')).createChdbConnection;
  } catch (error) {
    throw new ClickHouseUnavailable(
      'Embedded ClickHouse needs the optional package "chdb", which is not installed here: run "npm install --include=optional", or name a server with CLICKHOUSE_URL.',
      { cause: error },
    );
  }
}

function openConnection(create: CreateConnection, path: string): ChdbConnection {
  try {
    return create({ path });
  } catch (error) {
    throw new ClickHouseUnavailable(
      `The ClickHouse data folder ${path} cannot be opened. Most often another Syncline process is using it: stop that one, or choose another folder with --data-dir.`,
      { cause: error },
    );
  }
}

async function prepare({ client }: Connected, database: string, settings: Settings): Promise<void> {
  await client.command({ query: `USE ${database}` });
  for (const [name, value] of Object.entries(settings))
    await client.command({ query: `SET ${assignments({ [name]: value })}` });
}

function assignments(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : `'${value.replaceAll("'", "''")}'`}`)
    .join(', ');
}

function failure(error: unknown): ClickHouseFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  const named = 'clickhouseCode' in cause ? Number(cause.clickhouseCode) : 'code' in cause ? Number(cause.code) : NaN;
  const code = Number.isInteger(named) ? named : Number(/Code: (\d+)/.exec(cause.message)?.[1] ?? NaN);
  return new ClickHouseFailure(cause.message, Number.isInteger(code) ? code : undefined, { cause });
}
