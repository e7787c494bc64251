/** A process that only takes files, and may die doing so. Arguments: NATS URL, root of the folders, crash point or "". */
import { configureCrashPoint } from '#platform/crash-point.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { openExchangeBook } from '#sync-engine/files/exchange-book.ts';
import { holdFileExchanges } from '#sync-engine/files/take-files.ts';
import { createPublishFetched } from '#sync-engine/intake/fetched-message.ts';
import { x12WarehouseAt } from './x12-warehouse.ts';

const [url = '', root = '', crash = ''] = process.argv.slice(2);
const nc = await connectNats({ url, name: 'files', log: silentLog });
await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
configureCrashPoint(crash);
const estate = { systems: [x12WarehouseAt(root)], simulated: true };
const kinds = new Kinds(estate);
const now = () => new Date();
holdFileExchanges({
  estate,
  standing: () => estate,
  kinds,
  secrets: () => '',
  gateOf: () => (call) => call(),
  leases: await createLeases(nc, { owner: `files-${process.pid}`, ttlMs: 600 }),
  publish: createPublishFetched({ publisher: publisherOf(nc), kinds, estate, now }),
  book: await openExchangeBook(nc),
  log: silentLog,
});
