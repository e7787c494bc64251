import { z } from 'zod';

/**
 * What is read of Signifyd's answers; numbers arrive as their decimal text (exact-json.ts).
 * Source: developer.signifyd.com/main/reference/sale (v3, Sale event).
 */
export const saleAnswer = z.object({
  signifydId: z.string(),
  orderId: z.string(),
  decision: z.object({
    /** ACCEPT, REJECT, HOLD, CHALLENGE or CREDIT; what is none of the first two needs a person. */
    checkpointAction: z.string(),
    score: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number)
      .nullish(),
  }),
});
export const errorBody = z.object({
  messages: z.array(z.string()).optional(),
  message: z.string().optional(),
  errors: z.record(z.string(), z.array(z.string())).optional(),
});
