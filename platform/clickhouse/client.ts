import type { Readable } from 'node:stream';
import { openEmbedded } from './embedded.ts';
import { openServer } from './server.ts';

export type Settings = Record<string, string | number>;
/** Bound on the server's side as `{name:Type}`; never spliced into the text of a query. */
export type QueryParams = Record<string, string | number | boolean | readonly (string | number)[] | null>;

/** ClickHouse's names of the formats that files are exported in. */
export type ExportFormat = 'Parquet' | 'CSVWithNames' | 'JSONEachRow';

export interface QueryOptions {
  params?: QueryParams;
  /** Seconds after which ClickHouse gives the query up. */
  timeLimit?: number;
  /** Asks the writing connection, for a read that must follow the writes of this process. */
  onWriter?: boolean;
}

/**
 * ClickHouse, whether a server or embedded in this process: the code above cannot tell. Reads run on connections of
 * their own, so that a slow question never holds up ingest. Times come as RFC 3339 in UTC, decimals as text, 64-bit
 * integers as numbers.
 */
export interface ClickHouse {
  readonly mode: 'embedded' | 'server';
  /** Whose tables are meant where a query names none. */
  readonly database: string;
  /** Rows of a SELECT. @throws ClickHouseFailure */
  query(sql: string, options?: QueryOptions): Promise<Record<string, unknown>[]>;
  /** Rows of a SELECT as the bytes of a file. @throws ClickHouseFailure before the first byte, or the stream fails. */
  exportRows(sql: string, format: ExportFormat, options: Pick<QueryOptions, 'params' | 'timeLimit'>): Promise<Readable>;
  /** The lines that an EXPLAIN prints. @throws ClickHouseFailure */
  explain(sql: string): Promise<string[]>;
  /** A statement without rows: DDL, INSERT … SELECT. @throws ClickHouseFailure */
  command(sql: string, settings?: Settings): Promise<void>;
  /** Inserts JSONEachRow bytes as they are. They must not change until the promise settles. @throws ClickHouseFailure */
  insertRaw(table: string, rows: Uint8Array, settings?: Settings): Promise<void>;
  /**
   * A connection of its own that can only read, in `database` and under `limits`, none of which a query can change
   * (`readonly = 1`). @throws ClickHouseFailure where there is no such database.
   */
  openReadOnly(database: string, limits: Settings): Promise<ReadOnlyConnection>;
  /** Does it answer? */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** Answers one question at a time where ClickHouse is embedded. */
export interface ReadOnlyConnection {
  /**
   * The answer to a SELECT as the text of format JSONCompact, with what was read for it. It has no parameters.
   * @throws ClickHouseFailure
   */
  answer(sql: string, id: string): Promise<string>;
  /** Stops the question with this id; absent where only its time limit ends one (embedded). */
  stop?: (id: string) => Promise<void>;
  close(): Promise<void>;
}

/** What ClickHouse refused, with its error code where it gave one (117 = data it cannot parse). */
export class ClickHouseFailure extends Error {
  readonly code: number | undefined;
  constructor(message: string, code: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClickHouseFailure';
    this.code = code;
  }
}

/** Why ClickHouse cannot be opened at all, in one line for the person who starts the process. */
export class ClickHouseUnavailable extends Error {
  override name = 'ClickHouseUnavailable';
}

export type ClickHouseAddress =
  | { path: string; database?: string; readers?: number }
  | { url: string; database?: string; username?: string; password?: string };

/** For readers: text a JavaScript program can use without knowing ClickHouse. */
export const readSettings: Settings = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 0,
};

export const defaultDatabase = 'syncline';

/**
 * Opens a server by `url`, or the embedded ClickHouse over the folder `path`, which one process owns at a time.
 * @throws ClickHouseUnavailable where the folder is taken, or `chdb` is not installed.
 */
export async function openClickHouse(address: ClickHouseAddress): Promise<ClickHouse> {
  return 'path' in address ? openEmbedded(address) : openServer(address);
}
