import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../log.ts';

export interface NatsOptions {
  /** One or more URLs, comma separated. */
  url: string;
  /** Shown in the server's connection list. */
  name: string;
  log: Log;
  user?: string;
  password?: string;
  /** Gives up on the first connection after this many milliseconds; later losses are retried for ever. */
  timeoutMs?: number;
}

/** Connects, and logs every loss and recovery. `noAsyncTraces` halves what a request costs. */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const nc = await connect({
    servers: options.url.split(','),
    name: options.name,
    timeout: options.timeoutMs ?? 10_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 3,
    noAsyncTraces: true,
    ignoreClusterUpdates: false,
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.password === undefined ? {} : { pass: options.password }),
  });
  void reportStatus(nc, options.log);
  return nc;
}

async function reportStatus(nc: NatsConnection, log: Log): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type === 'disconnect') log.warn({ server: status.server }, 'NATS connection lost');
    if (status.type === 'reconnect') log.info({ server: status.server }, 'NATS connection restored');
    if (status.type === 'error') log.error({ err: status.error }, 'NATS error');
  }
}
