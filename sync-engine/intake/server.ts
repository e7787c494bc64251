import rateLimit from '@fastify/rate-limit';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { asyncApi } from '#contracts/asyncapi.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { createAccept } from './accept.ts';
import { answerClientError, answerProblems } from './answer-problems.ts';
import { watchApiClients } from '#platform/http/api-clients.ts';
import type { RouteContext } from './context.ts';
import { createGate, type Gate } from './gate.ts';
import { createIntakeMetrics, type IntakeMetrics } from './intake-metrics.ts';
import { bodyLimit, defaultLimits, type IntakeLimits, limitConnections } from './limits.ts';
import { openApi } from './openapi.ts';
import type { IntakeQueries } from './queries.ts';
import { masterDataRoutes } from './routes/master-data.ts';
import { orderRoutes } from './routes/orders.ts';
import { customerRoutes } from './routes/customers.ts';
import { priceRoutes } from './routes/prices.ts';
import { returnRoutes } from './routes/returns.ts';
import { stockRoutes } from './routes/stock.ts';
import { webhookRoute } from './webhook.ts';

export interface IntakeOptions {
  nc: NatsConnection;
  estate: Estate;
  kinds: Kinds;
  /** Resolves a secret named in the estate file (`env:NAME`). */
  secrets: (setting: string) => string;
  log: Log;
  metrics: Metrics;
  queries: IntakeQueries;
  limits?: Partial<IntakeLimits>;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  trustProxy?: string[];
  /** For one attempt to write into JetStream, in milliseconds. */
  publishTimeoutMs?: number;
  now?: () => Date;
}

export interface Intake {
  /** Starts to listen; port 0 takes a free one. @returns the port. */
  listen(address: { port: number; host?: string }): Promise<number>;
  /** Resolves once every API client is known: before that their requests would be refused. */
  ready: Promise<void>;
  /** Lets requests under way finish, then stops. */
  close(): Promise<void>;
}

/**
 * The way in over HTTP: vendors' webhooks and Syncline's own API. What is answered with 2xx is durable in JetStream.
 * @throws where a secret of a sender is not set, or NATS has no JetStream.
 */
export async function createIntake(options: IntakeOptions): Promise<Intake> {
  const { nc, estate, log } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const metrics = createIntakeMetrics(options.metrics);
  const clients = await watchApiClients(await openBucket(nc, buckets.apiClients), log);
  const app = createApp(limits, metrics, nc.info?.max_payload ?? 1_048_576, options.trustProxy);
  limitConnections(app.server, limits);
  await app.register(rateLimit, { global: false });
  answerProblems(app, metrics, log);
  measure(app, metrics);
  const gate = createGate(app, clients, limits);
  tellQuota(app, gate);
  const context: RouteContext = {
    app,
    estate,
    secrets: options.secrets,
    queries: options.queries,
    metrics,
    gate,
    accept: createAccept({
      publisher: publisherOf(nc),
      manager: await jetstreamManager(nc),
      log,
      metrics,
      ...(options.publishTimeoutMs === undefined ? {} : { timeoutMs: options.publishTimeoutMs }),
    }),
    now: options.now ?? (() => new Date()),
  };
  const definitions = options.kinds.inUse();
  for (const definition of definitions)
    if (definition.webhook !== undefined) webhookRoute(context, definition, definition.webhook);
  for (const register of [orderRoutes, masterDataRoutes, stockRoutes, priceRoutes, customerRoutes, returnRoutes])
    register(context);
  describe(app, definitions);
  return {
    listen: async ({ port, host = '127.0.0.1' }) => {
      await app.listen({ port, host });
      return (app.server.address() as AddressInfo).port;
    },
    ready: clients.ready,
    close: async () => {
      clients.stop();
      await app.close();
    },
  };
}

/** Bodies stay bytes: a signature is over bytes, and what is kept is what came. */
function createApp(
  limits: IntakeLimits,
  metrics: IntakeMetrics,
  maxPayload: number,
  trustProxy: string[] | undefined,
): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: bodyLimit(limits, maxPayload),
    connectionTimeout: limits.idleTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      // Node looks for late requests only this often, every 30 s unless told.
      connectionsCheckingInterval: Math.max(50, Math.min(1_000, limits.headersTimeoutMs / 4)),
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, metrics),
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1_000 },
    ...(trustProxy === undefined ? {} : { trustProxy }),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  return app;
}

/** Serves the descriptions that integrators generate their clients from. */
function describe(app: FastifyInstance, definitions: readonly ConnectorDefinition[]): void {
  const documents = {
    '/openapi.json': JSON.stringify(openApi(definitions)),
    '/asyncapi.json': JSON.stringify(asyncApi()),
  };
  for (const [path, document] of Object.entries(documents))
    app.get(path, (_, reply) => reply.type('application/json').send(document));
}

/**
 * Tells an API client what is left of its quota before it is refused (draft-ietf-httpapi-ratelimit-headers-10), also where
 * it is.
 */
function tellQuota(app: FastifyInstance, gate: Gate): void {
  app.addHook('onSend', async (request, reply) => {
    const quota = gate.quotaOf(request);
    if (quota === undefined) return;
    const { limit, remaining, resetS } = quota;
    void reply
      .header('ratelimit-policy', `"client";q=${limit};w=60`)
      .header('ratelimit', `"client";r=${remaining};t=${resetS}`);
  });
}

function measure(app: FastifyInstance, metrics: IntakeMetrics): void {
  app.addHook('onSend', async (_, reply) => {
    // Answers that may be kept, and asked about again, say so.
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = { route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) };
    metrics.seconds.observe(labels, reply.elapsedTime / 1000);
  });
}
