/** A process that only asks, and may die doing so. Arguments: NATS URL, URL of the simulated estate, instant to begin at, crash point or "". */
import { configureCrashPoint } from '#platform/crash-point.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { Connectors } from '#sync-engine/connectors/connectors.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import { createPublishFetched } from '#sync-engine/intake/fetched-message.ts';
import { openCursorBook } from '#sync-engine/polls/cursor-book.ts';
import { holdPolls } from '#sync-engine/polls/hold-polls.ts';
import { askedOften } from './amazon.ts';
import { testEstate, testSecret } from './simulator.ts';

const [url = '', simulatorUrl = '', since = '', crash = ''] = process.argv.slice(2);
const nc = await connectNats({ url, name: 'polls', log: silentLog });
await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
configureCrashPoint(crash);
const estate = askedOften({ 'poll.since': since })(testEstate({ url: simulatorUrl, smtpUrl: 'smtp://127.0.0.1:1' }));
const kinds = new Kinds(estate);
const now = () => new Date();
holdPolls({
  kinds,
  connectors: Connectors.open(estate, kinds, (name) => testSecret(name.replace(/^env:/, ''))),
  leases: await createLeases(nc, { owner: `polls-${process.pid}`, ttlMs: 600 }),
  publish: createPublishFetched({ publisher: publisherOf(nc), kinds, estate, now }),
  cursors: await openCursorBook(nc),
  log: silentLog,
  now,
});
