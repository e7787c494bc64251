import { z } from 'zod';
import { offsetDateTime } from '#contracts/v1/primitives.ts';

/**
 * What is read of the Admin API's answers; numbers arrive as their decimal text (exact-json.ts), since ids have 64 bits.
 * Sources: shopify.dev/docs/api/admin-rest/latest/resources (order, transaction, fulfillment, fulfillmentorder) and
 * shopify.dev/docs/api/admin-graphql/latest (inventoryItems, inventorySetQuantities).
 */
const id = z.string().regex(/^\d{1,20}$/);
const amount = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/);
const units = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

export const orderAnswer = z.object({
  order: z.object({
    id,
    tags: z.string().nullish(),
    note_attributes: z.array(z.object({ name: z.string(), value: z.string().nullish() })).nullish(),
    cancelled_at: z.string().nullish(),
  }),
});
export type ShopifyOrder = z.infer<typeof orderAnswer>['order'];

const transaction = z.object({
  id,
  kind: z.string(),
  status: z.string(),
  amount,
  currency: z.string().nullish(),
  parent_id: id.nullish(),
  gateway: z.string().nullish(),
  error_code: z.string().nullish(),
  message: z.string().nullish(),
});
export type Transaction = z.infer<typeof transaction>;
export const transactionAnswer = z.object({ transaction });
export const transactionsAnswer = z.object({ transactions: z.array(transaction) });

const fulfillmentOrder = z.object({
  id,
  status: z.string(),
  line_items: z.array(z.object({ id, line_item_id: id, fulfillable_quantity: units })),
});
export type FulfillmentOrder = z.infer<typeof fulfillmentOrder>;
export const fulfillmentOrdersAnswer = z.object({ fulfillment_orders: z.array(fulfillmentOrder) });

const fulfillment = z.object({
  id,
  status: z.string().nullish(),
  tracking_number: z.string().nullish(),
  line_items: z.array(z.object({ id, quantity: units })).nullish(),
});
export type Fulfillment = z.infer<typeof fulfillment>;
export const fulfillmentAnswer = z.object({ fulfillment });
export const fulfillmentsAnswer = z.object({ fulfillments: z.array(fulfillment) });

/**
 * A refund as the API answers it and as the webhook `refunds/create` carries it. Source:
 * shopify.dev/docs/api/admin-rest/latest/resources/refund. What was adjusted stands there with its sign turned round.
 */
export const refund = z.object({
  id,
  order_id: id,
  created_at: offsetDateTime,
  note: z.string().nullish(),
  refund_line_items: z
    .array(
      z.object({
        line_item_id: id,
        quantity: units,
        location_id: id.nullish(),
        restock_type: z.string().nullish(),
        subtotal: amount,
        total_tax: amount.nullish(),
      }),
    )
    .max(1000)
    .nullish(),
  transactions: z.array(transaction).nullish(),
  order_adjustments: z.array(z.object({ amount, tax_amount: amount.nullish(), kind: z.string().nullish() })).nullish(),
});
export type ShopifyRefund = z.infer<typeof refund>;
export const refundAnswer = z.object({ refund });
export const refundsAnswer = z.object({ refunds: z.array(refund) });

/** REST errors: a text, a list of texts, or texts by field. */
export const errorBody = z.object({
  errors: z
    .union([z.string(), z.array(z.string()), z.record(z.string(), z.union([z.string(), z.array(z.string())]))])
    .optional(),
  error: z.string().optional(),
});

/** GraphQL answers 200 for errors too: in `errors`, or in the mutation's `userErrors`. */
export const graphqlErrors = z.object({
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().optional() }).nullish(),
      }),
    )
    .min(1),
  extensions: z
    .object({
      cost: z.object({
        requestedQueryCost: z.string(),
        throttleStatus: z.object({ currentlyAvailable: z.string(), restoreRate: z.string() }),
      }),
    })
    .nullish(),
});

export const inventoryItemsAnswer = z.object({
  data: z.object({
    inventoryItems: z.object({ nodes: z.array(z.object({ id: z.string(), sku: z.string().nullish() })) }),
  }),
});

const userErrors = z.array(
  z.object({
    code: z.string().nullish(),
    field: z.array(z.string()).nullish(),
    message: z.string(),
  }),
);

export const pricedVariantsAnswer = z.object({
  data: z.object({
    productVariants: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          sku: z.string().nullish(),
          price: amount,
          compareAtPrice: amount.nullish(),
          product: z.object({ id: z.string() }),
        }),
      ),
    }),
  }),
});

export const productVariantsAnswer = z.object({
  data: z.object({
    productVariants: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          sku: z.string().nullish(),
          barcode: z.string().nullish(),
          product: z.object({
            id: z.string(),
            title: z.string(),
            status: z.string(),
            variantsCount: z.object({ count: units }),
          }),
        }),
      ),
    }),
  }),
});

export const setProductAnswer = z.object({
  data: z.object({
    /** Absent where several variants share the product. */
    productUpdate: z.object({ userErrors }).nullish(),
    productVariantsBulkUpdate: z.object({ userErrors }),
  }),
});

export const setPricesAnswer = z.object({
  data: z.object({ productVariantsBulkUpdate: z.object({ userErrors }) }),
});

export const setQuantitiesAnswer = z.object({
  data: z.object({
    inventorySetQuantities: z.object({
      userErrors: z.array(
        z.object({
          code: z.string().nullish(),
          field: z.array(z.string()).nullish(),
          message: z.string(),
        }),
      ),
    }),
  }),
});
