import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiClient, Receipt } from '#contracts/v1/channel-api.ts';
import { apiTopics } from '../connectors/channel-api/topics.ts';
import { domainOf } from '../connectors/topics.ts';
import { answerConditionally } from './conditional.ts';
import { bodyOf, commonHeaders, headerOf, type RouteContext } from './context.ts';
import { parseJson } from '#platform/http/json.ts';
import { deprecationHeaders } from './deprecation.ts';
import { type Operation, operations, type OperationName } from './operations.ts';
import { invalid, Refused } from '#platform/http/problem.ts';

export type Parameters = Readonly<Record<string, string>>;

export interface ApiCall {
  client: ApiClient;
  parameters: Parameters;
  request: FastifyRequest;
}

/** Registers a route of the channel API: the key and its scope are checked before anything else is read. */
export function apiRoute(
  { app, gate }: RouteContext,
  name: OperationName,
  handle: (call: ApiCall, reply: FastifyReply) => Promise<unknown>,
): void {
  const operation: Operation = operations[name];
  const { method, path, scope } = operation;
  if (scope === undefined) throw new Error(`the operation ${name} has no scope`);
  const callers = new WeakMap<FastifyRequest, ApiClient>();
  app.route({
    method,
    url: path,
    onRequest: async (request, reply) => {
      void reply.headers(deprecationHeaders(operation, request.params as Parameters));
      callers.set(request, await gate.admitClient(request, scope));
    },
    handler: async (request, reply) => {
      const client = callers.get(request);
      if (client === undefined) throw new Error('a request reached its handler without a client');
      const answer = await handle({ client, parameters: request.params as Parameters, request }, reply);
      return method === 'GET' ? answerConditionally(request, reply, answer) : answer;
    },
  });
}

/** What a route makes of the body it was sent. */
export interface Submission {
  topic: keyof typeof apiTopics;
  /** Answered in the receipt. */
  key: string;
  /** Recognises a repetition where no Idempotency-Key was sent; undefined where nothing does. */
  identity: string | undefined;
  /** Path the content was put to, for what the body leaves out. */
  resource: string;
}

/** Registers a route that takes something in: parse, check, keep the bytes, answer with a receipt. */
export function submitRoute(
  context: RouteContext,
  name: OperationName,
  read: (body: unknown, call: ApiCall) => Submission,
): void {
  apiRoute(context, name, async (call, reply): Promise<Receipt> => {
    const body = bodyOf(call.request);
    const { topic, key, identity, resource } = read(parseJson(body), call);
    const idempotencyKey = idempotencyKeyOf(call.request);
    const id = idempotencyKey === undefined ? identity : `key ${idempotencyKey}`;
    const { seq, duplicate } = await context.accept({
      system: call.client.system,
      domain: domainOf[apiTopics[topic].means],
      topic,
      body,
      deliveryId: id === undefined ? undefined : `${resource} ${id}`,
      contentMustMatch: true,
      headers: {
        ...commonHeaders(call.request, context),
        'syncline-client': call.client.id,
        'syncline-resource': resource,
      },
    });
    void reply.status(duplicate ? 200 : 202);
    return { accepted: true, duplicate, intake_seq: seq, key };
  });
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const value = headerOf(request, 'idempotency-key');
  if (value !== undefined && value.length > 200)
    throw invalid('Idempotency-Key is too long.', [
      { path: 'Idempotency-Key', message: 'expected at most 200 characters' },
    ]);
  return value;
}

/** @throws Refused 403 where the client's own system is not one of the estate, or not of a role that may do this. */
export function systemOf({ estate }: RouteContext, client: ApiClient) {
  const system = estate.systems.find(({ id }) => id === client.system);
  if (system !== undefined) return system;
  throw new Refused({
    status: 403,
    reason: 'forbidden',
    title: 'The API client speaks for no system',
    detail: `Its system "${client.system}" is not declared in this estate.`,
  });
}
