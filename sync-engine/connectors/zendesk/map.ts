import { createHash } from 'node:crypto';
import type { PreparedCall } from '../connector.ts';
import type { ServiceDeskServices } from '../services.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import type { z } from 'zod';
import type { ticket } from './contract.ts';

type TicketInput = Parameters<ServiceDeskServices['put_ticket']['prepare']>[0];
type Ticket = z.infer<typeof ticket>;

/** The order's key, which no other order has: two shops may number alike. Zendesk takes any text. */
export const externalId = ({ orderKey }: TicketInput): string => orderKey;

export const lookUp = (input: TicketInput): PreparedCall =>
  jsonCall('GET', `/api/v2/tickets?external_id=${segment(externalId(input))}&sort_by=created_at&sort_order=desc`);

const statuses = { stopped: 'open', held: 'pending', well: 'solved' } as const;

/** Updates the order's ticket, or makes one; a ticket that Zendesk has closed takes no updates any more. */
export function writeTicket(input: TicketInput, known: readonly Ticket[]): PreparedCall {
  const { state, orderNumber } = input;
  const present = known.find(({ external_id, status }) => external_id === externalId(input) && status !== 'closed');
  const content = {
    status: statuses[state],
    // An internal note: what is said of our work is not for the customer.
    comment: { body: input.note, public: false },
    tags: ['syncline', `order_${state}`, ...(input.caseClass === '' ? [] : [`case_${input.caseClass}`])],
  };
  if (present !== undefined) return jsonCall('PUT', `/api/v2/tickets/${segment(present.id)}`, { ticket: content });
  const made = { ...content, subject: `Order ${orderNumber}`, external_id: externalId(input), type: 'incident' };
  // Zendesk answers a repeat of the same key with the ticket that it made before.
  const key = createHash('sha256').update(`${input.orderKey} ${input.stateId}`).digest('hex').slice(0, 40);
  return jsonCall('POST', '/api/v2/tickets', { ticket: made }, { 'idempotency-key': key });
}
