import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Refusal, Refused, unknown } from '#platform/http/problem.ts';
import type { Log } from '#platform/log.ts';
import { type Answer, encodeAnswer } from './messages.ts';
import { isProtobuf } from './read-request.ts';

/** Answers in the form in which the request came, as OTLP wants it. */
export function send(request: FastifyRequest, reply: FastifyReply, status: number, answer: Answer): FastifyReply {
  const protobuf = isProtobuf(request);
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type(protobuf ? 'application/x-protobuf' : 'application/json')
    .send(protobuf ? Buffer.from(encodeAnswer(answer)) : JSON.stringify(answer.body));
}

/** google.rpc.Code of what we answer by HTTP. */
const codes: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 3, 415: 3, 429: 8, 503: 14 };
const INTERNAL = 13;

/** Everything that fails is a google.rpc.Status; bodies are never logged. */
export function answerFailures(app: FastifyInstance, log: Log): void {
  const answer = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, detail, headers }: Pick<Refusal, 'status' | 'detail' | 'headers'>,
  ) => {
    log.info({ status, ip: request.ip, ms: Math.round(reply.elapsedTime) }, 'spans refused');
    // The rest of a body that nobody will read must not keep the connection.
    if (status === 413) void reply.header('connection', 'close');
    return send(request, reply.headers(headers ?? {}), status, {
      type: 'RpcStatus',
      body: { code: codes[status] ?? INTERNAL, message: detail },
    });
  };
  app.setErrorHandler((error: FastifyError | Refused, request, reply) => {
    if (error instanceof Refused) {
      if (error.refusal.status >= 500) log.warn({ err: error.cause }, 'spans could not be made durable');
      return answer(request, reply, error.refusal);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return answer(request, reply, { status, detail: error.message });
    log.error({ err: error }, 'a request with spans failed');
    return answer(request, reply, { status: 500, detail: 'This failed for a reason of our own.' });
  });
  app.setNotFoundHandler((request, reply) =>
    answer(request, reply, unknown('Spans are taken by POST /v1/traces.').refusal),
  );
}
