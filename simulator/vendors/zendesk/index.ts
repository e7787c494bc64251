import type { FastifyRequest } from 'fastify';
import { createUsers } from './users.ts';
import { sameSecret } from '../../sign.ts';
import {
  field,
  jsonBody,
  objectAt,
  refuse,
  type JsonObject,
  type Refusal,
  type VendorApi,
  type VendorContext,
} from '../vendor.ts';

interface Ticket {
  id: number;
  externalId: string;
  subject: string;
  status: string;
  tags: string[];
  /** Internal notes and replies, oldest first. */
  comments: { body: string; public: boolean }[];
  idempotencyKey: string;
}

const error = (status: number, code: string, description: string): Refusal => ({
  status,
  body: { error: code, description },
});
const refusals = {
  unauthorised: () => ({ status: 401, body: { error: "Couldn't authenticate you" } }),
  internal: () => error(500, 'InternalError', 'Something went wrong'),
  throttled: (seconds: number): Refusal => ({
    ...error(429, 'APIRateLimitExceeded', 'Number of allowed API requests per minute exceeded'),
    headers: { 'retry-after': String(seconds) },
  }),
  unavailable: (seconds: number): Refusal => ({
    ...error(503, 'ServiceUnavailable', 'Service unavailable'),
    headers: { 'retry-after': String(seconds) },
  }),
};

/** Zendesk's users, and its tickets: found by external id, made once for each idempotency key, closed ones taking no updates. */
export function createZendesk(context: VendorContext): VendorApi {
  const tickets = context.store.collection<Ticket>(`${context.system.id}.tickets`);
  const users = createUsers(context);
  const expected = `${context.setting('agent')}/token:${context.setting('api_token')}`;
  let next = Math.max(0, ...[...tickets.values()].map(({ id }) => id));
  const write = (ticket: Ticket, given: JsonObject): Ticket => {
    const comment = objectAt(given, 'comment');
    const changed = {
      ...ticket,
      status: field(given, 'status') || ticket.status,
      tags: textsAt(given, 'tags') ?? ticket.tags,
      comments:
        comment === undefined
          ? ticket.comments
          : [...ticket.comments, { body: field(comment, 'body'), public: comment['public'] !== false }],
    };
    tickets.put(String(ticket.id), changed);
    return changed;
  };
  return {
    authorised: (request) => sameSecret(basic(request), expected),
    refusals,
    routes: (app) => {
      users.routes(app);
      app.get('/api/v2/tickets', (request, reply) => {
        const wanted = field(request.query, 'external_id');
        const found = [...tickets.values()].filter(({ externalId }) => wanted === '' || externalId === wanted);
        return reply.send({ tickets: found.reverse().map(resource), count: found.length, next_page: null });
      });
      app.post('/api/v2/tickets', (request, reply) => {
        const given = objectAt(jsonBody(request), 'ticket');
        const key = field(request.headers, 'idempotency-key');
        const repeated = [...tickets.values()].find((one) => key !== '' && one.idempotencyKey === key);
        if (repeated !== undefined)
          return reply.header('x-idempotency-lookup', 'hit').send({ ticket: resource(repeated) });
        if (given === undefined || field(objectAt(given, 'comment'), 'body') === '')
          return refuse(reply, error(422, 'RecordInvalid', 'Record validation errors'));
        const blank = { id: ++next, tags: [], comments: [], status: 'new', idempotencyKey: key };
        const ticket = { ...blank, externalId: field(given, 'external_id'), subject: field(given, 'subject') };
        return reply.code(201).send({ ticket: resource(write(ticket, given)) });
      });
      app.put('/api/v2/tickets/:id', (request, reply) => {
        const ticket = tickets.get(field(request.params, 'id'));
        const given = objectAt(jsonBody(request), 'ticket');
        if (ticket === undefined) return refuse(reply, error(404, 'RecordNotFound', 'Not found'));
        if (given === undefined || ticket.status === 'closed')
          return refuse(reply, error(422, 'RecordInvalid', 'Record validation errors'));
        return reply.send({ ticket: resource(write(ticket, given)) });
      });
    },
    state: () => ({ tickets: [...tickets.values()], users: users.list() }),
    counts: () => ({
      users: users.list().length,
      tickets: tickets.size,
      solved: [...tickets.values()].filter(({ status }) => status === 'solved').length,
    }),
  };
}

const resource = ({ id, externalId, subject, status, tags }: Ticket) => ({
  id,
  external_id: externalId,
  subject,
  status,
  tags,
});

const textsAt = (value: JsonObject, name: string): string[] | undefined => {
  const list = value[name];
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : undefined;
};

function basic(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Basic ') ? Buffer.from(header.slice(6), 'base64').toString() : '';
}
