import { exactNumber } from '../../exact-json.ts';
import { encodeToken } from '#contracts/v1/key.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { Answer, ConnectorError, PreparedCall, Send } from '../connector.ts';
import type { ChannelServices } from '../services.ts';
import { refusalOf } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { errorBody, topics } from './contract.ts';

/** Ids are tokens, so that the look-up's path needs no escaping that a receiver could read otherwise. */
const eventId = (topic: string, key: string): string => `${topic}.${encodeToken(key)}`;

/** Tells a channel on our own API what became of its orders and what it may sell. */
export function channelApiServices(): ChannelServices {
  return {
    acknowledge_order: {
      name: 'acknowledge_order',
      prepare: ({ order, orderKey }) => event(topics.acknowledged, orderKey, { ...named(order), order_key: orderKey }),
      read: (answer, { orderKey }) => ({ acknowledgedId: accepted(answer, topics.acknowledged, orderKey) }),
      find: async ({ orderKey }, send) => {
        const id = await findEvent(topics.acknowledged, orderKey, send);
        return id === undefined ? undefined : { acknowledgedId: id };
      },
    },

    create_fulfilment: {
      name: 'create_fulfilment',
      prepare: ({ order, shipment }) =>
        event(topics.shipped, shipmentKey(order, shipment.shipment_id), { ...named(order), shipment }),
      read: (answer, { order, shipment }) => ({
        fulfilmentId: accepted(answer, topics.shipped, shipmentKey(order, shipment.shipment_id)),
      }),
      find: async ({ order, shipment }, send) => {
        const id = await findEvent(topics.shipped, shipmentKey(order, shipment.shipment_id), send);
        return id === undefined ? undefined : { fulfilmentId: id };
      },
    },

    cancel_order: {
      name: 'cancel_order',
      prepare: ({ order, reason }) => event(topics.cancelled, orderOf(order), { ...named(order), reason }),
      read: (answer, { order }) => ({ cancelledId: accepted(answer, topics.cancelled, orderOf(order)) }),
      find: async ({ order }, send) => {
        const id = await findEvent(topics.cancelled, orderOf(order), send);
        return id === undefined ? undefined : { cancelledId: id };
      },
    },

    publish_availability: {
      name: 'publish_availability',
      prepare: ({ batchKey, items }) =>
        event(topics.availability, batchKey, {
          items: items.map(({ sku, location, quantity }) => ({
            sku,
            location,
            quantity: exactNumber(String(quantity)),
          })),
        }),
      read: (answer, { batchKey, items }) => {
        accepted(answer, topics.availability, batchKey);
        return { accepted: items.length };
      },
      find: async ({ batchKey, items }, send) => {
        const id = await findEvent(topics.availability, batchKey, send);
        return id === undefined ? undefined : { accepted: items.length };
      },
    },
  };
}

const orderOf = (order: Order): string => `${order.system}/${order.external_id}`;
const shipmentKey = (order: Order, shipmentId: string): string => `${orderOf(order)}/${shipmentId}`;
const named = (order: Order) => ({ external_id: order.external_id, number: order.number });

function event(topic: string, key: string, body: Record<string, unknown>): PreparedCall {
  const id = eventId(topic, key);
  return jsonCall('POST', '/events', { id, topic, ...body }, { 'x-syncline-topic': topic, 'x-syncline-event-id': id });
}

function accepted(answer: Answer, topic: string, key: string): string {
  const error = refused(answer);
  if (error !== undefined) throw error;
  return eventId(topic, key);
}

async function findEvent(topic: string, key: string, send: Send): Promise<string | undefined> {
  const id = eventId(topic, key);
  const answer = await send(jsonCall('GET', `/events/${segment(id)}`));
  if (answer.status === 404) return undefined;
  return accepted(answer, topic, key);
}

function refused(answer: Answer): ConnectorError | undefined {
  return refusalOf(answer, (body) => {
    const parsed = errorBody.safeParse(body);
    return parsed.success ? parsed.data.error : undefined;
  });
}
