import { createHmac, randomUUID } from 'node:crypto';
import type { Estate, System } from '#contracts/v1/estate.ts';
import { resolveSecret } from '#platform/estate.ts';
import { CliError } from './cli-error.ts';
import type { Target } from './connection.ts';

export interface Delivery {
  method: 'POST' | 'PUT';
  path: string;
  headers: Record<string, string>;
  topic: string;
}

export interface DeliveryInput {
  estate: Estate;
  systemId: string;
  topic: string | undefined;
  body: Buffer;
  target: Target;
}

/** How a system would send this payload. @throws CliError where it sends nothing to the intake, or a secret is missing. */
export function deliveryFor({ estate, systemId, topic, body, target }: DeliveryInput): Delivery {
  const system = estate.systems.find((one) => one.id === systemId);
  if (system === undefined) {
    const senders = estate.systems.filter(({ role }) => ['channel', 'stores', 'wms', 'erp'].includes(role));
    throw new CliError(`The estate has no system "${systemId}". It has ${senders.map(({ id }) => id).join(', ')}.`);
  }
  if (system.kind === 'shopify') return fromShopify(system, topic ?? 'orders/create', body, target);
  if (system.kind === 'rest-wms') return fromWarehouse(system, topic ?? 'shipment.confirmed', body, target);
  if (system.kind === 'channel-api' || system.role === 'erp') return fromChannel(system, topic ?? 'orders', target);
  throw new CliError(`${system.name} (${system.kind}) sends nothing to the intake.`);
}

/** shopify.dev/docs/apps/build/webhooks: base64 HMAC-SHA256 of the raw body. */
function fromShopify(system: System, topic: string, body: Buffer, target: Target): Delivery {
  return {
    method: 'POST',
    path: '/intake/shopify',
    topic,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': system.settings['shop_domain'] ?? '',
      'x-shopify-hmac-sha256': createHmac('sha256', secretOf(system, target)).update(body).digest('base64'),
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-triggered-at': new Date().toISOString(),
    },
  };
}

function fromWarehouse(system: System, topic: string, body: Buffer, target: Target): Delivery {
  return {
    method: 'POST',
    path: '/intake/wms',
    topic,
    headers: {
      'content-type': 'application/json',
      'x-wms-topic': topic,
      'x-wms-warehouse': system.id,
      'x-wms-event-id': randomUUID(),
      'x-wms-signature': createHmac('sha256', secretOf(system, target)).update(body).digest('hex'),
    },
  };
}

function fromChannel(system: System, topic: string, { secrets }: Target): Delivery {
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

function secretOf(system: System, { secrets }: Target): string {
  const setting = system.settings['webhook_secret'];
  if (setting === undefined) throw new CliError(`The estate names no webhook_secret for ${system.name}.`);
  return resolveSecret(setting, { ...secrets?.vendors, ...process.env });
}
