import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouse, openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { makeQueryViews } from '#platform/clickhouse/query-views.ts';

export interface TestClickHouse {
  clickhouse: ClickHouse;
  path: string;
  /** Closes it and deletes its data. */
  close(): Promise<void>;
}

/** An embedded ClickHouse in a folder of its own, with every migration applied. One process can have one at a time. */
export async function startClickHouse(options: { readers?: number } = {}): Promise<TestClickHouse> {
  const path = await mkdtemp(join(tmpdir(), 'syncline-clickhouse-'));
  const clickhouse = await openClickHouse({ path, ...options });
  await migrate(clickhouse);
  await makeQueryViews(clickhouse);
  return {
    clickhouse,
    path,
    close: async () => {
      await clickhouse.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}
