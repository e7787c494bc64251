/** A replica that carries out one command and may die doing so. Arguments: NATS URL, command, order, crash point. */
import { configureCrashPoint } from '#platform/crash-point.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { orderCommands } from '#sync-engine/commands/order-commands.ts';
import { Kicks } from '#sync-engine/work/kicks.ts';
import { startSmallEngine } from './small-engine.ts';

const [url = '', command = '', key = '', crash] = process.argv.slice(2);
const engine = await startSmallEngine(url, []);
const now = () => new Date();
const waiting = await openBucket(engine.nc, buckets.waiting);
const kicks = new Kicks({ publisher: engine.publisher, waiting, log: silentLog, now, graceMs: 700 });
const commands = orderCommands({ orders: engine.runner, kicks, now });
configureCrashPoint(crash);
const request = { actor: { id: 'sam', roles: ['support' as const] }, key, reason: 'asked for' };
await (command === 'release' ? commands['order.release'](request) : commands['order.cancel'](request));
await engine.close();
