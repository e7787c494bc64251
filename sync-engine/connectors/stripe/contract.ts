import { z } from 'zod';

/**
 * What is read of Stripe's answers; numbers arrive as their decimal text (exact-json.ts).
 * Sources: docs.stripe.com/api/payment_intents (object, capture, cancel), docs.stripe.com/api/errors.
 */
export const paymentIntent = z.object({
  id: z.string(),
  status: z.string(),
  latest_charge: z.union([z.string(), z.object({ id: z.string() }).transform((charge) => charge.id)]).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type PaymentIntent = z.infer<typeof paymentIntent>;

export const errorBody = z.object({
  error: z.object({
    type: z.string(),
    code: z.string().optional(),
    decline_code: z.string().optional(),
    message: z.string().optional(),
  }),
});

/** docs.stripe.com/api/refunds/object, and its list. */
export const refund = z.object({
  id: z.string(),
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type StripeRefund = z.infer<typeof refund>;
export const refundList = z.object({ data: z.array(refund), has_more: z.boolean().nullish() });
