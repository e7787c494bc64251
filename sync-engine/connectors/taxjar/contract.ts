import { z } from 'zod';

/**
 * What is read of TaxJar's answers; numbers arrive as their decimal text (exact-json.ts).
 * Source: developers.taxjar.com/api/reference, "Calculate sales tax for an order" and "Errors".
 */
const number = z.string().regex(/^-?\d+(\.\d+)?([eE][-+]?\d{1,2})?$/);
export const taxAnswer = z.object({ tax: z.object({ amount_to_collect: number, rate: number }) });
export const errorBody = z.object({ error: z.string().optional(), detail: z.string() });
