/** A replica of its own process that a crash point may kill. Arguments: NATS URL, simulator URL, crash point or "". */
import { configureCrashPoint } from '#platform/crash-point.ts';
import { directCalls, startStock } from './stock.ts';
import { testEstate } from './simulator.ts';

const [url = '', simulator = '', crash = ''] = process.argv.slice(2);
const estate = testEstate({ url: simulator, smtpUrl: 'smtp://127.0.0.1:1' });
const calls = directCalls(estate);
configureCrashPoint(crash);
const replica = await startStock(url, {
  estate,
  publishCall: calls,
  ttlMs: 600,
  snapshotEvery: 5,
  wait: false,
});
process.on('message', () => {
  void replica.stop().then(() => process.exit(0));
});
