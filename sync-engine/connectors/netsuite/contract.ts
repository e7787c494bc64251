import { z } from 'zod';

/**
 * What is read of SuiteTalk REST's answers. Numbers arrive as their decimal text (exact-json.ts).
 * Sources: NetSuite Online Help, "REST Web Services Record Service" (upsert by external id, record answers) and
 * "Error Handling in REST Web Services" (section_156570709583).
 */
export const errorBody = z.object({
  title: z.string().optional(),
  'o:errorDetails': z
    .array(
      z.object({
        detail: z.string(),
        'o:errorCode': z.string().optional(),
        'o:errorPath': z.string().optional(),
      }),
    )
    .min(1),
});

/** A status is a letter, or a reference whose id is the letter, depending on the account's release. */
const status = z.union([z.string(), z.object({ id: z.string() }).transform((reference) => reference.id)]);

export const transactionRecord = z.object({
  id: z.string(),
  tranId: z.string().optional(),
  orderStatus: status.optional(),
  status: status.optional(),
});

/** Internal codes of a sales order that will not be fulfilled any more: cancelled and closed. */
export const endedStatuses: readonly string[] = ['C', 'H'];
