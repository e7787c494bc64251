import { z } from 'zod';

/**
 * What is read of Zendesk's Ticketing API; numbers arrive as their decimal text (exact-json.ts).
 * Source: developer.zendesk.com/api-reference/ticketing/tickets/tickets.
 */
export const ticketStatus = z.enum(['new', 'open', 'pending', 'hold', 'solved', 'closed']);

export const ticket = z.object({
  id: z.string(),
  external_id: z.string().nullish(),
  status: ticketStatus,
});
export const ticketAnswer = z.object({ ticket });
export const ticketList = z.object({ tickets: z.array(ticket) });

export const errorBody = z.object({
  /** A code such as RecordInvalid, or an object with a title and a message. */
  error: z.union([z.string(), z.object({ title: z.string(), message: z.string() })]),
  description: z.string().optional(),
  details: z.record(z.string(), z.array(z.object({ description: z.string() }))).optional(),
});

/**
 * A user with what is read back of it; `identities` where they were asked for.
 * Source: developer.zendesk.com/api-reference/ticketing/users/users and …/ticketing/ticket-management/side_loading.
 */
export const userAnswer = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullish(),
    phone: z.string().nullish(),
    user_fields: z.record(z.string(), z.unknown()).nullish(),
  }),
  identities: z.array(z.object({ type: z.string(), value: z.string() })).nullish(),
});
