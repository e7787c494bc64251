import { streams } from '#contracts/v1/subjects.ts';
import { readRows } from '#ingest/land.ts';
import { type ClickHouse, openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { type RawEvent, readStream } from './check-events.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

const LANDED = 'syncline';
const RECOMPUTED = 'recomputed';
const BATCH = 10_000;

/** What must be the same in both: every table and every rollup, states read as the pages read them. */
const tables: readonly { name: string; columns: string; from?: string }[] = [
  { name: 'steps', columns: '* EXCEPT (landed_at)' },
  { name: 'completions', columns: '*' },
  {
    name: 'step_minutes',
    columns:
      'minute, flow, step, system, channel, status, origin, shard, sum(events) AS n, sum(measured) AS m, sum(duration_ms) AS ms, ' +
      'quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(duration) AS d, quantilesDDMerge(0.01, 0.5, 0.95, 0.99)(latency) AS l',
    from: 'step_minutes GROUP BY minute, flow, step, system, channel, status, origin, shard',
  },
  { name: 'transactions', columns: '* EXCEPT (first_money)' },
  { name: 'order_standing', columns: '*', from: 'order_standing FINAL' },
  // Merges keep one of several rows of a reference: which occurred_at it has is left open.
  { name: 'transaction_references', columns: 'DISTINCT folded, kind, flow, key' },
  { name: 'postings', columns: '*' },
  { name: 'inventory_positions', columns: '*' },
  { name: 'publications', columns: '*' },
  { name: 'inventory_items', columns: '*', from: 'inventory_items FINAL' },
  { name: 'stock_changes', columns: '*', from: 'stock_changes FINAL' },
  { name: 'case_events', columns: '* EXCEPT (landed_at)' },
  { name: 'cases', columns: '*' },
];

/**
 * ClickHouse as ingest left it, beside a second database into which the stream's distinct events are put in one go by
 * the same views: every row and every figure must be the same in both.
 */
export class LandedCheck {
  readonly #clickhouse: ClickHouse;
  readonly #pending = new Map<string, Buffer[]>();

  private constructor(clickhouse: ClickHouse) {
    this.#clickhouse = clickhouse;
  }

  /** Ingest must have ended: the folder has one owner. */
  static async open(path: string): Promise<LandedCheck> {
    const clickhouse = await openClickHouse({ path, database: RECOMPUTED, readers: 1 });
    await migrate(clickhouse);
    return new LandedCheck(clickhouse);
  }

  /** Takes one event of STEPS. */
  readonly add = (event: RawEvent): Promise<void> => this.#put('steps_landing', event);

  async #put(table: string, { seq, data }: RawEvent): Promise<void> {
    const rows = this.#pending.get(table) ?? [];
    this.#pending.set(table, rows);
    const text = Buffer.from(data).toString();
    rows.push(Buffer.from(`{"stream_seq":${seq},"shard":0,${text.slice(text.indexOf('{') + 1)}\n`));
    if (rows.length >= BATCH) await this.#flush(table);
  }

  async #flush(table: string): Promise<void> {
    const rows = this.#pending.get(table) ?? [];
    if (rows.length === 0) return;
    this.#pending.set(table, []);
    await this.#clickhouse.insertRaw(table, Buffer.concat(rows), {
      ...readRows,
      // Here nothing is ever repeated, and equal blocks are equal on purpose.
      insert_deduplicate: 0,
      deduplicate_blocks_in_dependent_materialized_views: 0,
    });
  }

  /** Compares everything. `notEvents` are the messages ingest must have set aside. */
  async compare(world: World, notEvents: readonly number[], violations: Violations): Promise<void> {
    for await (const event of readStream(world, streams.cases)) await this.#put('cases_landing', event);
    for (const table of this.#pending.keys()) await this.#flush(table);
    for (const table of tables) {
      const [landed, recomputed] = await Promise.all([this.#digest(LANDED, table), this.#digest(RECOMPUTED, table)]);
      violations.expect(`ClickHouse ${table.name}`, 'rows', landed.rows, recomputed.rows);
      violations.expect(`ClickHouse ${table.name}`, 'content', landed.digest, recomputed.digest);
    }
    const rejected = await this.#clickhouse.query(
      `SELECT stream_seq FROM ${LANDED}.rejected_steps WHERE stream = '${streams.steps}' ORDER BY stream_seq`,
    );
    violations.expect(
      'ClickHouse rejected_steps',
      'sequences',
      rejected.map((row) => row['stream_seq']).join(),
      notEvents.join(),
    );
  }

  async #digest(database: string, { name, columns, from = name }: (typeof tables)[number]) {
    const [row] = await this.#clickhouse.query(
      `SELECT count() AS rows, sum(cityHash64(toString(tuple(*)))) AS digest FROM (SELECT ${columns} FROM ${database}.${from})`,
    );
    return { rows: Number(row?.['rows']), digest: String(row?.['digest']) };
  }

  close(): Promise<void> {
    return this.#clickhouse.close();
  }
}
