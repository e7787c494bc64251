import { payloadSchemaKey, type PayloadSchema } from '#contracts/v1/payload-schema.ts';
import { channelApiOrder } from './channel-api/order-format.ts';
import { apiTopics } from './channel-api/topics.ts';
import type { ConnectorDefinition } from './definition.ts';
import { describePayload, type Payload } from './payload-schema.ts';
import type { Topic } from './topics.ts';

/** What is read of the messages that are JSON which systems of these kinds send, by `payloadSchemaKey`. */
export function payloadSchemas(definitions: readonly ConnectorDefinition[]): Map<string, PayloadSchema> {
  const schemas = new Map<string, PayloadSchema>();
  for (const definition of definitions)
    for (const [name, topic] of Object.entries({ ...definition.topics, ...apiTopics })) {
      const payload = payloadOf(topic, definition);
      if (payload !== undefined) schemas.set(payloadSchemaKey(definition.kind, name), describePayload(payload));
    }
  return schemas;
}

function payloadOf(topic: Topic, { order = channelApiOrder }: ConnectorDefinition): Payload | undefined {
  switch (topic.means) {
    case 'order_placed':
    case 'order_updated':
    case 'order_cancelled':
      return order.payload;
    case 'shipment':
    case 'delivery':
    case 'tracking':
    case 'stock_change':
    case 'stock_changes':
    case 'store_batch':
    case 'price':
    case 'customer':
    case 'payout':
    case 'return_request':
    case 'return_receipt':
    case 'channel_parcel':
    case 'channel_stock':
    case 'payment':
    case 'payout_notice':
      return topic.payload;
    case 'shipments':
    case 'master_data':
      return undefined;
  }
}
