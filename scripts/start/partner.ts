import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { eventNames } from '#contracts/v1/business-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { webhook } from '#contracts/v1/webhook.ts';
import { getJson, openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import type { Secrets } from './secrets.ts';

const ID = 'partner';

/** What signs the messages to the simulated partner; the same at every start of a data directory. */
export const partnerSecret = ({ simulator_token }: Secrets): string =>
  `whsec_${createHash('sha256').update(`partner ${simulator_token}`).digest('base64')}`;

/** Lets the simulated partner be told of everything, wherever the simulator listens this time. */
export async function subscribePartner(nats: NatsConnection, secrets: Secrets, simulatorUrl: string): Promise<void> {
  const url = `${simulatorUrl}/subscriber/${ID}`;
  const known = await getJson(await openBucket(nats, buckets.webhooks), ID, webhook);
  if (known?.value.url === url) return;
  await requestCommand(nats, 'webhook.put', {
    actor: { id: 'start', roles: ['administrator'] },
    webhook_id: ID,
    version: known?.value.version ?? 0,
    name: 'Simulated partner',
    url,
    events: known?.value.events ?? [...eventNames],
    status: known?.value.status === 'paused' ? 'paused' : 'active',
    secret: partnerSecret(secrets),
  });
}
