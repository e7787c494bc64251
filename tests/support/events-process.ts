/** A process that only makes business events of steps and tells webhooks of them, and may die doing so. Arguments: NATS URL, crash point or "". */
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { buckets } from '#contracts/v1/subjects.ts';
import { configureCrashPoint } from '#platform/crash-point.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { deriveEvents } from '#sync-engine/events/derive.ts';
import { dispatchWebhooks } from '#sync-engine/webhooks/dispatcher.ts';
import { WebhookStore } from '#sync-engine/webhooks/webhook-store.ts';
import { testEstate } from './simulator.ts';

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
const dispatching = {
  ...options,
  store: await WebhookStore.open(nc),
  estate: testEstate(),
  audit: { record: () => undefined },
  now: () => new Date(),
  schedule: { pausesMs: Array<number>(20).fill(50), disableAfterMs: 600_000, downAfter: 5 },
};
leases.hold('webhooks', (signal) => dispatchWebhooks(signal, dispatching));
