import type { NatsConnection } from '@nats-io/nats-core';
import { connectorState, type ConnectorState } from '#contracts/v1/connector-state.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from './log.ts';
import { openBucket } from './nats/kv.ts';

export interface ConnectorStates {
  /** Every connector the engine has reported, by id. */
  all(): ReadonlyMap<string, ConnectorState>;
  close(): void;
}

/** Follows KV bucket CONNECTORS, so that showing the backlog asks nobody. */
export async function watchConnectorStates(nc: NatsConnection, log: Log): Promise<ConnectorStates> {
  const kv = await openBucket(nc, buckets.connectors);
  const states = new Map<string, ConnectorState>();
  const watch = await kv.watch();
  void (async () => {
    for await (const entry of watch) {
      if (entry.operation !== 'PUT') {
        states.delete(entry.key);
        continue;
      }
      const parsed = connectorState.safeParse(entry.json());
      if (parsed.success) states.set(parsed.data.id, parsed.data);
      else log.warn({ connector: entry.key, problems: parsed.error.issues }, 'a connector state is not valid');
    }
  })().catch((error: unknown) => log.error({ err: error }, 'connector states are no longer followed'));
  return { all: () => states, close: () => watch.stop() };
}
