/** A process that only makes business events of steps, and may die doing so. Arguments: NATS URL, crash point or "". */
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { buckets } from '#contracts/v1/subjects.ts';
import { configureCrashPoint } from '#platform/crash-point.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { deriveEvents } from '#sync-engine/events/derive.ts';

const [url = '', crash = ''] = process.argv.slice(2);
const nc = await connectNats({ url, name: 'events', log: silentLog });
configureCrashPoint(crash);
const options = {
  js: jetstream(nc),
  manager: await jetstreamManager(nc),
  publisher: publisherOf(nc),
  positions: await openBucket(nc, buckets.positions),
  log: silentLog,
};
const leases = await createLeases(nc, { owner: `events-${process.pid}`, ttlMs: 600 });
leases.hold('events', (signal) => deriveEvents(signal, options));
