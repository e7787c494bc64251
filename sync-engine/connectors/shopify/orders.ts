import type { Answer, Send } from '../connector.ts';
import { exactNumber } from '#platform/exact-json.ts';
import type { ChannelServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { orderAnswer, type ShopifyOrder } from './contract.ts';
import { restRefusal } from './refusal.ts';

/** Name of the order's attribute ("additional details" in Shopify's admin) that carries our key. */
const keyAttribute = 'syncline_order_key';
const ourTag = 'syncline';

/**
 * Acknowledges and cancels orders. The acknowledgement writes our key into the order's attributes and tags it; both
 * lists are replaced as a whole by Shopify, so they are read first and what stands in them is kept.
 */
export function orderVerbs(api: string): Pick<ChannelServices, 'acknowledge_order' | 'cancel_order'> {
  const path = (externalId: string) => `${api}/orders/${segment(externalId)}.json`;
  const readOnly = (externalId: string) =>
    jsonCall('GET', `${path(externalId)}?fields=id,tags,note_attributes,cancelled_at`);
  const find = async (externalId: string, send: Send) => readOrder(await send(readOnly(externalId)));

  return {
    acknowledge_order: {
      name: 'acknowledge_order',
      before: ({ order }) => readOnly(order.external_id),
      prepare({ order, orderKey }, looked) {
        const known = looked === undefined ? undefined : readOrder(looked);
        const attributes = (known?.note_attributes ?? []).filter(({ name }) => name !== keyAttribute);
        const tags = tagsOf(known).filter((tag) => tag !== ourTag);
        return jsonCall('PUT', path(order.external_id), {
          order: {
            id: exactNumber(order.external_id),
            note_attributes: [...attributes, { name: keyAttribute, value: orderKey }],
            tags: [...tags, ourTag].join(', '),
          },
        });
      },
      read: (answer) => ({ acknowledgedId: readOrder(answer).id }),
      async find({ order, orderKey }, send) {
        const known = await find(order.external_id, send);
        const marked = known.note_attributes?.some(({ name, value }) => name === keyAttribute && value === orderKey);
        return marked === true ? { acknowledgedId: known.id } : undefined;
      },
    },

    cancel_order: {
      name: 'cancel_order',
      prepare: ({ order, reason }) =>
        jsonCall('POST', `${api}/orders/${segment(order.external_id)}/cancel.json`, {
          reason: cancelReason(reason),
          email: false,
        }),
      read: (answer) => ({ cancelledId: readOrder(answer).id }),
      async find({ order }, send) {
        const known = await find(order.external_id, send);
        return known.cancelled_at == null ? undefined : { cancelledId: known.id };
      },
    },
  };
}

/** Shopify knows customer, inventory, fraud, declined, staff and other. */
function cancelReason(reason: string): string {
  const words = reason.toLowerCase();
  if (/fraud/.test(words)) return 'fraud';
  if (/stock|inventory/.test(words)) return 'inventory';
  if (/declin|payment/.test(words)) return 'declined';
  return /customer/.test(words) ? 'customer' : 'other';
}

function tagsOf(order: ShopifyOrder | undefined): string[] {
  return (order?.tags ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function readOrder(answer: Answer): ShopifyOrder {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  return readBody(answer, orderAnswer, "Shopify's order").order;
}
