import type { ConnectorDefinition } from '../definition.ts';
import type { TopicOf } from '../topics.ts';
import { credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { glimpseOrder } from '../glimpse-json.ts';
import { canonicaliseShopifyOrder } from './canonical-order.ts';
import { refund } from './contract.ts';
import { payloadCustomer, readShopifyCustomer } from './customer-webhook.ts';
import { createFulfilment } from './fulfilment.ts';
import { createdFulfilment, readFulfilment } from './fulfilment-webhook.ts';
import { publishAvailability } from './inventory.ts';
import { readLevel, updatedLevel } from './level-webhook.ts';
import { shopifyLists } from './lists.ts';
import { editedFields } from './order-edit.ts';
import { shopifyOrderList } from './order-list.ts';
import { payloadOrder } from './order-payload.ts';
import { orderVerbs } from './orders.ts';
import { shopifyPayments } from './payments.ts';
import { publishProduct } from './product.ts';
import { publishPrice } from './price.ts';
import { readRefund } from './refund-webhook.ts';
import { recordRefund, refundPayment } from './refund.ts';
import { readReturnRequest, requestedReturn } from './return-webhook.ts';
import { shopifySubscriptions } from './subscriptions.ts';
import { shopifyWebhook } from './webhook.ts';

/** Version of the Admin API that is spoken unless the estate file says otherwise; Shopify keeps each for a year. */
const defaultApiVersion = '2025-01';

const customerTopic: TopicOf<'customer'> = {
  means: 'customer',
  read: readShopifyCustomer,
  payload: { schema: payloadCustomer, numbers: 'as_text' },
};

/** Connector of one Shopify shop over the Admin API; `access_token` is a custom app's token. */
export const shopify: ConnectorDefinition = {
  kind: 'shopify',
  open: (system, secrets) => {
    const headers = { 'x-shopify-access-token': credential(system, 'access_token', secrets) };
    const api = `/admin/api/${system.settings['api_version'] ?? defaultApiVersion}`;
    return {
      transport: openHttpTransport(system, () => headers),
      services: {
        ...orderVerbs(api),
        ...shopifyPayments(api),
        ...shopifyLists(api),
        ...shopifyOrderList(api),
        ...shopifySubscriptions(api),
        create_fulfilment: createFulfilment(api),
        refund_payment: refundPayment(api),
        record_refund: recordRefund(api),
        publish_price: publishPrice(api),
        publish_product: publishProduct(api),
        publish_availability: publishAvailability(api, system.settings),
      },
    };
  },
  order: {
    glimpse: glimpseOrder,
    canonicalise: canonicaliseShopifyOrder,
    edits: editedFields,
    payload: { schema: payloadOrder, numbers: 'as_text' },
  },
  topics: {
    'orders/create': { means: 'order_placed' },
    'orders/updated': { means: 'order_updated' },
    'orders/cancelled': { means: 'order_cancelled' },
    'refunds/create': {
      means: 'return_request',
      read: readRefund,
      payload: { schema: refund, numbers: 'as_text' },
    },
    'fulfillments/create': {
      means: 'channel_parcel',
      read: readFulfilment,
      payload: { schema: createdFulfilment, numbers: 'as_text' },
    },
    'inventory_levels/update': {
      means: 'channel_stock',
      read: readLevel,
      payload: { schema: updatedLevel, numbers: 'as_text' },
    },
    'returns/request': {
      means: 'return_request',
      read: readReturnRequest,
      payload: { schema: requestedReturn, numbers: 'as_text' },
    },
    'customers/create': customerTopic,
    'customers/update': customerTopic,
  },
  webhook: shopifyWebhook,
};
