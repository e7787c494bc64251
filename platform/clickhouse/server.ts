import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type ClickHouse, ClickHouseFailure, ClickHouseUnavailable, defaultDatabase, readSettings } from './client.ts';
import { explainSettings, readExplained } from './explained.ts';

/** Opens a ClickHouse server over HTTP; the database is created where it is missing and the user may. */
export async function openServer(address: {
  url: string;
  database?: string;
  username?: string;
  password?: string;
}): Promise<ClickHouse> {
  const database = address.database ?? defaultDatabase;
  if (!/^\w+$/.test(database))
    throw new ClickHouseUnavailable(`"${database}" is not a name for a ClickHouse database.`);
  const connect = (name: string, extra: { database?: string; max_open_connections: number }): ClickHouseClient =>
    createClient({
      url: address.url,
      application: name,
      // Longer than any block takes; a query has its own time limit.
      request_timeout: 120_000,
      // Failures reach the caller, who logs them once.
      log: { level: ClickHouseLogLevel.OFF },
      ...(address.username === undefined ? {} : { username: address.username }),
      ...(address.password === undefined ? {} : { password: address.password }),
      ...extra,
    });
  const bootstrap = connect('syncline-bootstrap', { max_open_connections: 1 });
  try {
    await bootstrap.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  } catch (error) {
    // A refusal may only mean that the user must not create databases; the first statement then tells whether it exists.
    if (!(error instanceof ClickHouseError))
      throw new ClickHouseUnavailable(`No ClickHouse server answers at ${withoutPassword(address.url)}.`, {
        cause: error,
      });
  } finally {
    await bootstrap.close();
  }
  const writer = connect('syncline-writer', { database, max_open_connections: 16 });
  const reader = connect('syncline-reader', { database, max_open_connections: 16 });

  return {
    mode: 'server',
    database,
    async query(sql, options = {}) {
      try {
        const result = await (options.onWriter === true ? writer : reader).query({
          query: sql,
          format: 'JSONEachRow',
          clickhouse_settings: {
            ...readSettings,
            max_execution_time: options.timeLimit ?? 0,
            ...(options.onWriter === true ? {} : { readonly: '2' }),
          },
          ...(options.params === undefined ? {} : { query_params: options.params }),
        });
        return await result.json<Record<string, unknown>>();
      } catch (error) {
        throw failure(error);
      }
    },
    async exportRows(sql, format, options) {
      try {
        const { stream } = await reader.exec({
          query: `${sql} FORMAT ${format}`,
          clickhouse_settings: { ...readSettings, max_execution_time: options.timeLimit ?? 0, readonly: '2' },
          ...(options.params === undefined ? {} : { query_params: options.params }),
        });
        return stream;
      } catch (error) {
        throw failure(error);
      }
    },
    async explain(sql) {
      try {
        const { stream } = await reader.exec({
          query: `EXPLAIN ${sql}`,
          clickhouse_settings: { ...readSettings, ...explainSettings, readonly: '2' },
        });
        return readExplained(await text(stream));
      } catch (error) {
        throw failure(error);
      }
    },
    async command(sql, settings = {}) {
      try {
        await writer.command({ query: sql, clickhouse_settings: settings });
      } catch (error) {
        throw failure(error);
      }
    },
    async insertRaw(table, rows, settings = {}) {
      try {
        const { stream } = await writer.exec({
          query: `INSERT INTO ${table} FORMAT JSONEachRow`,
          values: Readable.from([rows], { objectMode: false }),
          clickhouse_settings: settings,
        });
        // Success is known only once the answer was read to its end.
        for await (const _ of stream);
      } catch (error) {
        throw failure(error);
      }
    },
    async openReadOnly(name, limits) {
      const asker = connect('syncline-query', { database: name, max_open_connections: 8 });
      return {
        async answer(sql, id) {
          try {
            const { stream } = await asker.exec({
              query: `${sql}\nFORMAT JSONCompact`,
              query_id: id,
              clickhouse_settings: { ...readSettings, ...limits, readonly: '1' },
            });
            return await text(stream);
          } catch (error) {
            throw failure(error);
          }
        },
        async stop(id) {
          try {
            await writer.command({ query: 'KILL QUERY WHERE query_id = {id:String} ASYNC', query_params: { id } });
          } catch (error) {
            throw failure(error);
          }
        },
        close: () => asker.close(),
      };
    },
    ping: async () => (await writer.ping()).success,
    async close() {
      await Promise.all([writer.close(), reader.close()]);
    },
  };
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}

function failure(error: unknown): ClickHouseFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  return new ClickHouseFailure(cause.message, cause instanceof ClickHouseError ? Number(cause.code) : undefined, {
    cause,
  });
}
