import { pipeline } from 'node:stream/promises';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import type { ApiClient } from '#contracts/v1/channel-api.ts';
import { permission } from '#contracts/v1/permissions.ts';
import { csvLine } from '#app/csv/csv.ts';
import type { AppServices } from '#app/server/context.ts';
import { problemOf, type Refusal, Refused, unknown } from '#platform/http/problem.ts';
import { actorIdOf, createGate } from './gate.ts';
import { openApi } from './openapi.ts';
import type { ApiOperation, FileAnswer } from './operation.ts';
import { operations } from './operations.ts';
import { readBody, readId, readQuery } from './read-request.ts';

/** A corrected payload of a megabyte as text in JSON, escaped. */
const MAX_BODY = 4 * 1024 * 1024;

/**
 * `/api/v1`: what people do with cases, for programs. Keys only: no cookie is read or set, and nothing is allowed to
 * other origins' scripts. The key and its scope are checked before a body is read.
 */
export function apiRouter(services: AppServices): Router {
  const router = Router();
  const admit = createGate({ clients: services.apiClients, audit: services.audit });
  const readBytes = express.raw({ type: () => true, limit: MAX_BODY });
  router.use((_request, response, next) => {
    response.setHeader('cache-control', 'no-store');
    next();
  });
  const document = JSON.stringify(openApi());
  router.get('/v1/openapi.json', (_request, response) => void response.type('application/json').send(document));
  for (const operation of operations) {
    const route = operation.method === 'GET' ? router.get.bind(router) : router.post.bind(router);
    const callers = new WeakMap<Request, ApiClient>();
    const check = (request: Request, _response: Response, next: NextFunction): void => {
      callers.set(request, admit(request, operation.scope));
      next();
    };
    route(operation.path.replace(/^\/api/, ''), check, readBytes, (request, response, next) => {
      const client = callers.get(request);
      if (client === undefined) throw new Error('a request reached its handler without a client');
      answer(services, operation, client, request, response).catch(next);
    });
  }
  router.use(() => {
    throw unknown('There is nothing at this address. GET /api/v1/openapi.json lists what there is.');
  });
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else answerProblem(refusalOf(error, request, services), response);
  });
  return router;
}

async function answer(
  services: AppServices,
  operation: ApiOperation,
  client: ApiClient,
  request: Request,
  response: Response,
): Promise<void> {
  const held = new Set<string>(client.scopes);
  const answered = await operation.handle({
    services,
    client,
    actor: { id: actorIdOf(client), roles: [], permissions: permission.options.filter((one) => held.has(one)) },
    may: (scope) => held.has(scope),
    id: readId(request, operation.id),
    query: readQuery(request, operation.query),
    body: readBody(request, operation.body),
    address: request.ip ?? '',
  });
  if (operation.answer === 'text/csv')
    response.type('text/csv').send((answered as (string | number)[][]).map((row) => csvLine(row)).join(''));
  else if ('files' in operation.answer) await sendFile(answered as FileAnswer, response);
  else if (operation.answer.text === true) response.type('application/json').send(answered);
  else response.json(answered);
}

async function sendFile({ type, fileName, bytes }: FileAnswer, response: Response): Promise<void> {
  // The name's ending would choose the type; ours says more.
  response.attachment(fileName).type(type);
  await pipeline(bytes, response);
}

function answerProblem(refusal: Refusal, response: Response): void {
  response
    .status(refusal.status)
    .set(refusal.headers ?? {})
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(refusal)));
}

function refusalOf(error: unknown, request: Request, { log }: AppServices): Refusal {
  if (error instanceof Refused) return error.refusal;
  const status = statusOf(error);
  if (status === 413)
    return {
      status,
      reason: 'too_large',
      title: 'The body is too large',
      detail: `At most ${MAX_BODY} bytes are accepted.`,
    };
  if (status !== undefined && status >= 400 && status < 500)
    return { status, reason: 'malformed', title: 'The request is not well formed', detail: 'It could not be read.' };
  log.error({ err: error, path: request.path }, 'a request to the API failed');
  return {
    status: 500,
    reason: 'internal',
    title: 'Not answered',
    detail: 'This failed for a reason of our own. Try again in a moment.',
  };
}

/** Express' own errors carry the status they ask for. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
