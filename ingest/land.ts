import type { ClickHouse, Settings } from '#platform/clickhouse/client.ts';
import { ClickHouseFailure } from '#platform/clickhouse/client.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Block, Part, Rejected } from './block.ts';
import type { Shard } from './source.ts';

/** How the bytes of an event are read. */
export const readRows: Settings = {
  date_time_input_format: 'best_effort',
  input_format_skip_unknown_fields: 1,
  // "" where no time or amount applies.
  input_format_json_empty_as_default: 1,
  input_format_json_read_objects_as_strings: 1,
  // One insert must stay one block, or its token would not stand for all of it.
  input_format_parallel_parsing: 0,
  async_insert: 0,
};

/** Errors by which ClickHouse says that a row itself is unreadable; a repeat would fail the same way. */
const unreadable = new Set([6, 25, 26, 27, 33, 38, 41, 53, 69, 72, 117, 407, 467]);

export interface LandOptions {
  clickhouse: ClickHouse;
  shard: Shard;
  /** Distinguishes this stream from one of the same name made anew: its creation time. */
  streamId: string;
}

/**
 * Inserts a block: one insert for each ClickHouse partition it touches, each under its own deduplication token, so that
 * a repeat changes nothing. Rows ClickHouse cannot read become rejected rows.
 *
 * @throws ClickHouseFailure; the block may then be landed in part, and the same call completes it.
 */
export async function landBlock(block: Block, options: LandOptions): Promise<void> {
  const { landing } = options.shard;
  for (const part of block.parts()) {
    crashPoint('ingest.insert.before');
    const settings = withToken(token(block, part.partition, options));
    try {
      await options.clickhouse.insertRaw(landing.table, part.rows(), settings);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const readable = await withoutUnreadable(block, part, options);
      if (readable.length > 0) await options.clickhouse.insertRaw(landing.table, readable, settings);
    }
    crashPoint('ingest.insert.after');
  }
  if (block.rejected.length === 0) return;
  const rows = rejectedRows(block.rejected, options.shard);
  crashPoint('ingest.rejected.before');
  await options.clickhouse.insertRaw('rejected_steps', rows, withToken(token(block, 'rejected', options)));
  crashPoint('ingest.rejected.after');
}

const token = (block: Block, partition: string, { shard, streamId }: LandOptions) =>
  `${streamId}:${shard.number}:${block.first}-${block.last}:${partition}`;

/** Insert settings under which a repeat of the same insert changes nothing. */
export const withToken = (text: string): Settings => ({
  ...readRows,
  insert_deduplicate: 1,
  insert_deduplication_token: text,
  deduplicate_blocks_in_dependent_materialized_views: 1,
});

export function rejectedRows(rejected: readonly Rejected[], shard: Shard): Uint8Array {
  const rows = rejected.map(({ seq, subject, raw, reason, path, arrivedMs }) =>
    JSON.stringify({
      stream: shard.landing.stream,
      stream_seq: seq,
      subject,
      arrived_at: new Date(arrivedMs).toISOString(),
      // A parser's message may cut a surrogate pair in half.
      reason: Buffer.from(reason).toString(),
      path,
      raw,
      shard: shard.number,
    }),
  );
  return Buffer.from(rows.join('\n'));
}

function isUnreadable(error: unknown): error is ClickHouseFailure {
  return error instanceof ClickHouseFailure && error.code !== undefined && unreadable.has(error.code);
}

/** Its message quotes the row: only what is known to be its own words is kept of it. */
function unreadableReason({ code, message }: ClickHouseFailure): string {
  const [words = ''] = /Duplicate field|surrogate pair/.exec(message) ?? [];
  return `ClickHouse cannot read it (its error ${code ?? 'has no number'}${words === '' ? '' : `, ${words}`})`;
}

/**
 * Takes out of a part the rows that ClickHouse refuses to read although they match the contract (a name given twice,
 * half a surrogate pair), halving until they stand alone. Each becomes a rejected row of the block.
 */
export async function withoutUnreadable(
  block: Block,
  part: Part,
  { clickhouse, shard }: LandOptions,
): Promise<Uint8Array> {
  const good: Uint8Array[] = [];
  const sift = async (from: number, to: number): Promise<void> => {
    const rows = Array.from({ length: to - from }, (_, i) => part.row(from + i));
    try {
      const together = Buffer.concat(rows);
      await clickhouse.insertRaw(shard.landing.check, together, readRows);
      good.push(together);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      if (rows.length > 1) {
        const middle = (from + to) >> 1;
        await sift(from, middle);
        await sift(middle, to);
        return;
      }
      const seq = part.seqs[from] ?? 0;
      if (block.rejected.some((known) => known.seq === seq)) return;
      const raw = shard.landing.keepsRejectedText ? Buffer.from(rows[0] ?? []).toString() : '';
      block.reject({
        seq,
        subject: '',
        raw,
        reason: unreadableReason(error),
        path: '',
        arrivedMs: block.newestMs,
      });
    }
  };
  await sift(0, part.seqs.length);
  block.rejected.sort((a, b) => a.seq - b.seq);
  return Buffer.concat(good);
}
