import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import type { Block } from './block.ts';
import { type LandOptions, readRows, rejectedRows } from './land.ts';
import type { AdditiveRollup } from './source.ts';

const always = { insert_deduplicate: 0, deduplicate_blocks_in_dependent_materialized_views: 0 };

/**
 * Sees to it that a block whose insert may have been cut short is landed exactly once everywhere. ClickHouse can note a
 * token and lose the part, so a repeat under the same token is not enough: the raw table is completed by anti-join on
 * stream_seq, what is idempotent is landed again, and what adds up is counted and, where it differs, rebuilt.
 */
export async function verifyBlock(block: Block, options: LandOptions & { log: Log }): Promise<void> {
  const { clickhouse, shard } = options;
  const { landing } = shard;
  for (const part of block.parts()) {
    const month = landing.monthly ? `toYYYYMM(at) = ${Number(part.partition)} AND ` : '';
    const range = `${month}shard = ${shard.number} AND stream_seq BETWEEN ${block.first} AND ${block.last}`;
    const missing = await absent(clickhouse, landing.raw, range, part.seqs);
    const refused = new Set(block.rejected.map((rejected) => rejected.seq));
    const rows = part.seqs.flatMap((seq, i) => (missing.has(seq) && !refused.has(seq) ? [part.row(i)] : []));
    if (rows.length > 0) {
      options.log.warn({ shard: shard.name, rows: rows.length }, 'rows were lost with a token; completing');
      // Past the landing table: the rollups are seen to below.
      await clickhouse.insertRaw(landing.raw, Buffer.concat(rows), { ...readRows, ...always });
    }
    crashPoint('ingest.verify.completed');
    for (const table of landing.idempotent)
      await clickhouse.command(
        `INSERT INTO ${table} ${await selectOf(clickhouse, table, landing.table, `(SELECT * FROM ${landing.raw} WHERE ${range})`)}`,
        always,
      );
    crashPoint('ingest.verify.idempotent');
    for (const rollup of landing.additive) await recount(rollup, Number(part.partition), options);
  }
  if (block.rejected.length === 0) return;
  const range = `stream = '${landing.stream}' AND shard = ${shard.number} AND stream_seq BETWEEN ${block.first} AND ${block.last}`;
  const missing = await absent(
    clickhouse,
    'rejected_steps',
    range,
    block.rejected.map((rejected) => rejected.seq),
  );
  const rows = block.rejected.filter((rejected) => missing.has(rejected.seq));
  if (rows.length > 0)
    await clickhouse.insertRaw('rejected_steps', rejectedRows(rows, shard), { ...readRows, ...always });
}

async function absent(
  clickhouse: ClickHouse,
  table: string,
  range: string,
  seqs: readonly number[],
): Promise<Set<number>> {
  const present = await clickhouse.query(`SELECT stream_seq FROM ${table} WHERE ${range}`, { onWriter: true });
  const missing = new Set(seqs);
  for (const row of present) missing.delete(Number(row['stream_seq']));
  return missing;
}

/** The SELECT by which a view fills `table`, reading from `from` in place of the landing table. */
async function selectOf(clickhouse: ClickHouse, table: string, landingTable: string, from: string): Promise<string> {
  const [view] = await clickhouse.query(
    'SELECT as_select FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
    { params: { name: `${table}_view` }, onWriter: true },
  );
  const select = view?.['as_select'];
  if (typeof select !== 'string') throw new Error(`the view ${table}_view is missing: run the migrations`);
  return select.replace(new RegExp(`\\bFROM \\w+\\.${landingTable}\\b`), `FROM ${from}`);
}

async function recount(rollup: AdditiveRollup, month: number, options: LandOptions & { log: Log }): Promise<void> {
  const { clickhouse, shard } = options;
  const { raw, table: landingTable } = shard.landing;
  const count = async (expression: string, table: string, time: string) => {
    const [row] = await clickhouse.query(
      `SELECT ${expression} AS n FROM ${table} WHERE toYYYYMM(${time}) = ${month} AND shard = ${shard.number}`,
      { onWriter: true },
    );
    return Number(row?.['n'] ?? 0);
  };
  const should = await count(rollup.shouldHold, raw, 'at');
  const holds = await count(rollup.holds, rollup.table, rollup.time);
  if (should === holds) return;
  options.log.warn({ rollup: rollup.table, month, shard: shard.name, should, holds }, 'rebuilding a rollup partition');
  const fresh = `${rollup.table}_rebuild_${shard.number}`;
  const source = `(SELECT * FROM ${raw} WHERE toYYYYMM(at) = ${month} AND shard = ${shard.number})`;
  await clickhouse.command(`DROP TABLE IF EXISTS ${fresh}`);
  await clickhouse.command(`CREATE TABLE ${fresh} AS ${rollup.table}`);
  await clickhouse.command(
    `INSERT INTO ${fresh} ${await selectOf(clickhouse, rollup.table, landingTable, source)}`,
    always,
  );
  crashPoint('ingest.rebuild.before');
  await clickhouse.command(`ALTER TABLE ${rollup.table} REPLACE PARTITION (${month}, ${shard.number}) FROM ${fresh}`);
  crashPoint('ingest.rebuild.after');
  await clickhouse.command(`DROP TABLE ${fresh}`);
}
