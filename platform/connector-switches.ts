import type { NatsConnection } from '@nats-io/nats-core';
import { connectorSwitch, type ConnectorSwitch } from '#contracts/v1/connector-switch.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from './log.ts';
import { openBucket } from './nats/kv.ts';
import { watchBucket } from './nats/watch.ts';

/** Which connectors people have paused, in memory and current to within the watch's delay (milliseconds). */
export interface ConnectorSwitches {
  get(id: string): ConnectorSwitch | undefined;
  /** Takes over what the engine has just answered, so that this process sees its own change at once. */
  learn: (state: ConnectorSwitch) => void;
  /** Told after every change, of whichever connector. */
  onChange(listener: () => void): void;
  stop(): void;
}

/**
 * Follows KV bucket CONNECTOR_SWITCHES; resolves once everything stored has been read, so that what is paused stays so
 * from a process's first call on. A value that this version cannot read is logged and changes nothing.
 */
export async function followConnectorSwitches(nc: NatsConnection, log: Log): Promise<ConnectorSwitches> {
  const known = new Map<string, ConnectorSwitch>();
  const listeners = new Set<() => void>();
  const learn = (state: ConnectorSwitch) => {
    if ((known.get(state.id)?.version ?? 0) >= state.version) return;
    known.set(state.id, state);
    for (const listener of listeners) listener();
  };
  const watch = await watchBucket(await openBucket(nc, buckets.connectorSwitches), (entry) => {
    if (entry.operation !== 'PUT') return;
    const parsed = connectorSwitch.safeParse(entry.json());
    if (parsed.success) learn(parsed.data);
    else log.error({ connector: entry.key, problems: parsed.error.issues }, 'a connector switch is not valid');
  });
  await watch.ready;
  return {
    get: (id) => known.get(id),
    learn,
    onChange: (listener) => void listeners.add(listener),
    stop: () => watch.stop(),
  };
}
