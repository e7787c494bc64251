import { z } from 'zod';

/**
 * What is read of Stripe's events; numbers arrive as their decimal text (exact-json.ts). Sources: docs.stripe.com/api/events,
 * docs.stripe.com/api/events/types and the objects they carry.
 */
export const integer = z.string().regex(/^-?\d{1,15}$/, 'expected an amount in the smallest unit');
const count = z.string().regex(/^\d{1,15}$/, 'expected an amount in the smallest unit');
export const seconds = z.string().regex(/^\d{1,11}$/, 'expected Unix seconds');
export const currency = z.string().regex(/^[a-z]{3}$/i, 'expected a currency');
export const id = z.string().min(1).max(100);
/** Stripe expands a reference to the object where it was asked to. */
const reference = z.union([id, z.object({ id }).transform((object) => object.id)]).nullish();
const paidWith = z.object({ type: z.string().nullish() }).nullish();
const metadata = z.record(z.string(), z.string()).nullish();

export const eventOf = <Shape extends z.ZodType>(object: Shape) =>
  z.object({
    id,
    object: z.literal('event'),
    type: z.string(),
    created: seconds,
    livemode: z.boolean(),
    /** Whose it is, where an endpoint hears of connected accounts. */
    account: z.string().nullish(),
    data: z.object({ object }),
  });

export const intentEvent = eventOf(
  z.object({
    id,
    object: z.literal('payment_intent'),
    amount_received: count,
    currency,
    metadata,
    cancellation_reason: z.string().nullish(),
    latest_charge: reference,
    /** Of versions before 2022-11-15, which have no latest_charge. */
    charges: z.object({ data: z.array(z.object({ id, status: z.string().nullish() })) }).nullish(),
    last_payment_error: z
      .object({
        code: z.string().nullish(),
        decline_code: z.string().nullish(),
        message: z.string().nullish(),
        payment_method: paidWith,
      })
      .nullish(),
  }),
);

export const chargeEvent = eventOf(
  z.object({
    id,
    object: z.literal('charge'),
    payment_intent: reference,
    amount_captured: count,
    currency,
    failure_code: z.string().nullish(),
    failure_message: z.string().nullish(),
    payment_method_details: paidWith,
  }),
);

export const refundEvent = eventOf(
  z.object({
    id,
    object: z.literal('refund'),
    payment_intent: reference,
    charge: reference,
    amount: count,
    currency,
    /** pending, requires_action, succeeded, failed or canceled. */
    status: z.string().nullish(),
    failure_reason: z.string().nullish(),
    metadata,
  }),
);

export type StripeEvent = Pick<z.infer<ReturnType<typeof eventOf>>, 'livemode' | 'account' | 'created'>;
