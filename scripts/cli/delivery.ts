import { createHmac, randomUUID } from 'node:crypto';
import type { Estate, System } from '#contracts/v1/estate.ts';
import { resolveSecret } from '#platform/estate.ts';
import type { Kinds } from '#sync-engine/connectors/kinds.ts';
import { signTimestamped } from '#sync-engine/intake/timestamped-signature.ts';
import type { WebhookDialect } from '#sync-engine/intake/webhook-dialect.ts';
import { CliError } from './cli-error.ts';
import type { Secrets } from '../start/secrets.ts';

export interface Delivery {
  method: 'POST' | 'PUT';
  path: string;
  headers: Record<string, string>;
  topic: string;
}

export interface DeliveryInput {
  estate: Estate;
  kinds: Pick<Kinds, 'of'>;
  systemId: string;
  topic: string | undefined;
  body: Buffer;
  target: SecretsOf;
}

/** What the data directory knows, where there is one. */
interface SecretsOf {
  secrets: Pick<Secrets, 'vendors' | 'api_keys'> | undefined;
}

/** How a system would send this payload. @throws CliError where it sends nothing to the intake, or a secret is missing. */
export function deliveryFor({ estate, kinds, systemId, topic, body, target }: DeliveryInput): Delivery {
  const system = estate.systems.find((one) => one.id === systemId);
  if (system === undefined) {
    const senders = estate.systems.filter(({ role }) => ['channel', 'stores', 'wms', 'erp'].includes(role));
    throw new CliError(`The estate has no system "${systemId}". It has ${senders.map(({ id }) => id).join(', ')}.`);
  }
  const { webhook, topics = {}, pulls } = kinds.of(system.id);
  if (webhook !== undefined) return asWebhook(system, webhook, topic ?? Object.keys(topics)[0] ?? '', body, target);
  if (pulls === true || system.role === 'erp') return fromChannel(system, topic ?? 'orders', target);
  throw new CliError(`${system.name} (${system.kind}) posts nothing to the intake.`);
}

/** What the connector of its kind says of its webhooks, the other way round. */
function asWebhook(system: System, webhook: WebhookDialect, topic: string, body: Buffer, target: SecretsOf): Delivery {
  const sender = webhook.senderName(system);
  if (sender === undefined) throw new CliError(`The settings of ${system.name} do not say who its webhooks come from.`);
  const named: [string | undefined, string][] = [
    ['content-type', webhook.notJson?.includes(topic) === true ? 'application/xml' : 'application/json'],
    [webhook.signatureHeader, signatureOf(webhook, body, secretOf(system, target))],
    [webhook.senderHeader, sender],
    [webhook.topicHeader, topic],
    [webhook.deliveryIdHeader, randomUUID()],
    [webhook.eventIdHeader, randomUUID()],
    [webhook.triggeredAtHeader, new Date().toISOString()],
  ];
  return {
    method: 'POST',
    path: `/intake/${webhook.path}${webhook.sender === 'path' ? `/${sender}` : ''}`,
    topic,
    headers: Object.fromEntries(named.flatMap(([name, value]) => (name === undefined ? [] : [[name, value]]))),
  };
}

function signatureOf(webhook: WebhookDialect, body: Buffer, secret: string): string {
  if (webhook.timestamped !== undefined) return signTimestamped(body, secret, new Date());
  const digest = createHmac('sha256', secret).update(body).digest(webhook.signatureEncoding);
  return `${webhook.signaturePrefix ?? ''}${digest}`;
}

function fromChannel(system: System, topic: string, { secrets }: SecretsOf): Delivery {
  const client = system.role === 'erp' ? 'master-data' : system.id;
  const key = process.env['SYNCLINE_API_KEY'] || secrets?.api_keys[client];
  if (key === undefined)
    throw new CliError(
      `No API key for ${system.name}: set SYNCLINE_API_KEY (make one with "syncline api-clients add").`,
    );
  return {
    method: topic === 'orders' ? 'POST' : 'PUT',
    path: `/v1/${topic}`,
    topic,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  };
}

function secretOf(system: System, { secrets }: SecretsOf): string {
  const setting = system.settings['webhook_secret'];
  if (setting === undefined) throw new CliError(`The estate names no webhook_secret for ${system.name}.`);
  return resolveSecret(setting, { ...secrets?.vendors, ...process.env });
}
