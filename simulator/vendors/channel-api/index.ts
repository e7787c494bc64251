import { field, type Refusal, type VendorApi, type VendorContext } from '../vendor.ts';

interface Received {
  id: string;
  topic: string;
  at: string;
  body: string;
  repeats: number;
}

const error = (status: number, code: string, message: string): Refusal => ({
  status,
  body: { error: { code, message } },
});

const refusals = {
  unauthorised: () => error(401, 'invalid_signature', 'The signature is missing or wrong.'),
  internal: () => error(500, 'internal', 'The marketplace failed to handle the message.'),
  throttled: (seconds: number): Refusal => ({
    ...error(429, 'too_many_requests', 'Too many messages.'),
    headers: { 'retry-after': String(seconds) },
  }),
  unavailable: (seconds: number): Refusal => ({
    ...error(503, 'unavailable', 'Down for maintenance.'),
    headers: { 'retry-after': String(seconds) },
  }),
};

/**
 * The other side of Syncline's channel API: a marketplace that takes Syncline's messages (acknowledgements,
 * fulfilments, cancellations, availability) under any path, once per event id.
 */
export function createChannelReceiver(context: VendorContext): VendorApi {
  const messages = context.store.collection<Received>(`${context.system.id}.messages`);
  return {
    authorised: () => true,
    refusals,
    routes: (app) => {
      app.route({
        method: ['POST', 'PUT', 'DELETE'],
        url: '/*',
        handler: (request, reply) => {
          const path = field(request.params, '*');
          const id = idOf(request.headers) || `${request.method} ${path}`;
          const known = messages.get(id);
          const topic = field(request.headers, 'x-syncline-topic') || path;
          const message = known ?? {
            id,
            topic,
            at: new Date().toISOString(),
            body: String(request.body ?? ''),
            repeats: 0,
          };
          if (known !== undefined) known.repeats++;
          messages.put(id, message);
          return reply.send({ id, received: true, duplicate: known !== undefined });
        },
      });
      app.get('/events/:id', (request, reply) => {
        const message = messages.get(field(request.params, 'id'));
        if (message === undefined) return reply.code(404).send(error(404, 'not_found', 'No such message.').body);
        return reply.send({ id: message.id, topic: message.topic, received: true });
      });
    },
    state: () => ({ messages: [...messages.values()] }),
    counts: () => ({
      messages: messages.size,
      repeats: [...messages.values()].reduce((sum, message) => sum + message.repeats, 0),
    }),
  };
}

const idOf = (headers: unknown): string =>
  ['x-syncline-event-id', 'x-syncline-delivery', 'idempotency-key'].map((name) => field(headers, name)).find(Boolean) ??
  '';
