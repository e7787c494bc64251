import type { Answer } from '../connector.ts';
import type { ServiceDeskServices } from '../services.ts';
import { readBody, refusalOf } from '../transport/answer.ts';
import { errorBody, ticketAnswer, ticketList } from './contract.ts';
import { lookUp, writeTicket } from './map.ts';

/** Zendesk's business service: one ticket for each order that needs somebody, found by the order's key. */
export function zendeskServices(): ServiceDeskServices {
  return {
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

/** @throws ConnectorError in Zendesk's own words. */
function refuse(answer: Answer): void {
  const error = refusalOf(answer, (body) => {
    const parsed = errorBody.safeParse(body);
    if (!parsed.success) return undefined;
    const { error: said, description, details } = parsed.data;
    if (typeof said !== 'string') return { code: `HTTP_${answer.status}`, message: `${said.title}: ${said.message}` };
    const fields = Object.entries(details ?? {}).map(([name, problems]) =>
      [name, ...problems.map((problem) => problem.description)].join(': '),
    );
    return { code: said, message: [description, ...fields].filter(Boolean).join('; ') || said };
  });
  if (error !== undefined) throw error;
}
