import { openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { makeHistory } from './bench/pages/history.ts';
const c = await openClickHouse({ path: process.argv[2]! });
await migrate(c);
const t = performance.now();
console.log(await makeHistory(c, { steps: Number(process.argv[3]), until: new Date('2026-11-20T15:00:00Z') }), performance.now() - t);
await c.close(); process.exit(0);
