import type { Settings } from '#platform/clickhouse/client.ts';

/** What one query may take; told on the page. */
export const queryLimits = {
  characters: 20_000,
  seconds: 30,
  rowsRead: 250_000_000,
  bytesRead: 20_000_000_000,
  memoryBytes: 1_000_000_000,
  rowsShown: 10_000,
  bytesShown: 8_000_000,
  /** Runs of one person within a minute. */
  runsPerMinute: 30,
  /** Queries that may wait for their turn. */
  waiting: 20,
} as const;

/** At once: an embedded ClickHouse shares its machine with ingest and the pages. */
export const atOnce = { embedded: 1, server: 4 } as const;

/** The limits as ClickHouse enforces them. Nothing is spilled to disk: what needs more memory ends. */
export const connectionLimits: Settings = {
  max_execution_time: queryLimits.seconds,
  max_rows_to_read: queryLimits.rowsRead,
  max_bytes_to_read: queryLimits.bytesRead,
  max_memory_usage: queryLimits.memoryBytes,
  // One row more than is shown tells that there are more. Blocks are small, so that a limit is noticed soon.
  max_result_rows: queryLimits.rowsShown + 1,
  max_result_bytes: queryLimits.bytesShown * 16,
  result_overflow_mode: 'break',
  max_block_size: 8_192,
  max_threads: 1,
  function_range_max_elements_in_block: 1_000_000,
  max_bytes_before_external_group_by: 0,
  max_bytes_ratio_before_external_group_by: 0,
  max_bytes_before_external_sort: 0,
  max_bytes_ratio_before_external_sort: 0,
  session_timezone: 'UTC',
  // Exact in JavaScript too.
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 1,
};
