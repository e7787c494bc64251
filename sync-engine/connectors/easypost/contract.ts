import { z } from 'zod';

/**
 * What is read of EasyPost's webhook events; numbers arrive as their decimal text (exact-json.ts).
 * Source: docs.easypost.com, "Webhooks", "Events" and "Trackers" (tracker.created, tracker.updated).
 */
export const trackerEvent = z.object({
  object: z.literal('Event'),
  id: z.string().min(1).max(100),
  description: z.string(),
  result: z.object({
    object: z.literal('Tracker'),
    id: z.string(),
    tracking_code: z.string().min(1).max(100),
    /** unknown, pre_transit, in_transit, out_for_delivery, delivered, available_for_pickup, return_to_sender, failure, … */
    status: z.string(),
    carrier: z.string().nullish(),
    is_return: z.boolean().nullish(),
    updated_at: z.iso.datetime({ offset: true }),
    tracking_details: z
      .array(z.object({ status: z.string().nullish(), datetime: z.iso.datetime({ offset: true }) }))
      .nullish(),
  }),
});
