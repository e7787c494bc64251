import type { Answer } from '../connector.ts';
import type { CustomerServices } from '../customer-services.ts';
import type { ServiceDeskServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { ticketAnswer, ticketList } from './contract.ts';
import { lookUp, writeTicket } from './map.ts';
import { refuse } from './refusal.ts';
import { publishCustomer } from './users.ts';

/** Zendesk's business services: one ticket for each order that needs somebody, found by the order's key, and users. */
export function zendeskServices(
  settings: Readonly<Record<string, string>> = {},
): ServiceDeskServices & CustomerServices {
  return {
    publish_customer: publishCustomer(settings['consent_field']),
    put_ticket: {
      name: 'put_ticket',
      before: lookUp,
      prepare: (input, looked) => writeTicket(input, looked === undefined ? [] : ticketsOf(looked)),
      read(answer) {
        refuse(answer);
        return { ticketId: readBody(answer, ticketAnswer, "Zendesk's answer").ticket.id };
      },
    },
  };
}

function ticketsOf(looked: Answer) {
  refuse(looked);
  return readBody(looked, ticketList, "Zendesk's list of tickets").tickets;
}
