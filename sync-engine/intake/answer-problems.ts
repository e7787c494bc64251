import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '#platform/log.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import { problemOf, type Refusal, type RefusalReason, Refused, unknown } from '#platform/http/problem.ts';

/** Answers everything that is refused with problem details (RFC 9457), and counts it. Bodies are never logged. */
export function answerProblems(app: FastifyInstance, metrics: IntakeMetrics, log: Log): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.refused.inc({ route, reason: refusal.reason });
    log.debug({ route, status: refusal.status, reason: refusal.reason, ip: request.ip }, 'refused');
    return reply
      .status(refusal.status)
      .headers({ ...refusal.headers, ...closing(refusal) })
      .type('application/problem+json')
      .send(JSON.stringify(problemOf(refusal)));
  };
  app.setErrorHandler((error: FastifyError | Refused, request, reply) => {
    if (error instanceof Refused) return answer(request, reply, error.refusal);
    const known = refusalOf(error, app.initialConfig.bodyLimit ?? 0);
    if (known !== undefined) return answer(request, reply, known);
    log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return answer(request, reply, {
      status: 500,
      reason: 'internal',
      title: 'Not accepted',
      detail: 'This failed for a reason of our own. Nothing was accepted; send it again.',
    });
  });
  app.setNotFoundHandler((request, reply) =>
    answer(request, reply, unknown('There is nothing at this address. GET /openapi.json lists what there is.').refusal),
  );
}

/** The rest of a body that nobody will read must not keep the connection. */
const closing = ({ status }: Refusal): Record<string, string> => (status === 413 ? { connection: 'close' } : {});

function refusalOf(error: FastifyError, limit: number): Refusal | undefined {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return {
      status: 413,
      reason: 'too_large',
      title: 'The body is too large',
      detail: `At most ${limit} bytes are accepted.`,
    };
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return undefined;
  return { status, reason: 'malformed', title: 'The request is not well formed', detail: error.message };
}

/** Answers what never became a request: too slow to arrive, headers too large, not HTTP. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, metrics: IntakeMetrics): void {
  // The other side went away: there is nobody to answer.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, reason]: [string, RefusalReason] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'too_slow']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'too_large']
        : ['400 Bad Request', 'malformed'];
  metrics.refused.inc({ route: 'unknown', reason });
  if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  socket.destroy(error);
}
