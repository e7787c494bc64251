import type { AddressInfo } from 'node:net';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { buckets } from '#contracts/v1/subjects.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { watchApiClients } from '#platform/http/api-clients.ts';
import { unavailable } from '#platform/http/problem.ts';
import type { Log } from '#platform/log.ts';
import type { Metrics } from '#platform/metrics.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { createOutsideLog } from '../outside/outside-log.ts';
import { createAdmission, type Sender } from './admission.ts';
import { answerFailures, send } from './answers.ts';
import { keepRejected, type RejectedSpan } from './keep-rejected.ts';
import { createOtlpMetrics, type OtlpMetrics } from './metrics.ts';
import { readRequest } from './read-request.ts';
import type { ExportTraceRequest } from './request.ts';
import { type Taken, takeSpans } from './take-spans.ts';

export interface OtlpOptions {
  nc: NatsConnection;
  clickhouse: ClickHouse;
  log: Log;
  metrics: Metrics;
  /** Largest body, as sent and unpacked. */
  maxBytes?: number;
  /** Takes spans from everybody who reaches the port: for a collector beside it on a network of their own. */
  unauthenticated?: boolean;
  now?: () => Date;
}

export interface OtlpReceiver {
  /** Port 0 takes a free one. @returns the port. */
  listen(address: { port: number; host?: string }): Promise<number>;
  /** Lets requests under way finish. */
  close(): Promise<void>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const CONNECTIONS = 512;
const RETRY_AFTER_S = 5;

/** Takes spans over OTLP/HTTP as steps of their transactions. What is answered with 200 is durable. */
export async function createOtlpReceiver(options: OtlpOptions): Promise<OtlpReceiver> {
  const { nc, clickhouse, log, now = () => new Date() } = options;
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const clients = options.unauthenticated
    ? undefined
    : await watchApiClients(await openBucket(nc, buckets.apiClients), log);
  const outsideLog = createOutsideLog({
    publisher: publisherOf(nc),
    manager: await jetstreamManager(nc),
    source: 'otlp',
  });
  const metrics = createOtlpMetrics(options.metrics);
  const app = createApp(maxBytes);
  answerFailures(app, log);
  const admit = await createAdmission(app, clients);
  const senders = new WeakMap<FastifyRequest, Sender>();

  app.post(
    '/v1/traces',
    { onRequest: async (request) => void senders.set(request, await admit(request)) },
    async (request, reply) => {
      const sender = senders.get(request);
      if (sender === undefined) throw new Error('a request came past the admission');
      const { id: client, system } = sender;
      const taken = await take(await readRequest(request, maxBytes), system);
      const { landed, known, ignored, rejected } = taken;
      if (rejected.length > 0) await orRetry(() => keepRejected(clickhouse, client, rejected, now()));
      count(metrics, taken);
      log.info(
        { client, landed, known, ignored, rejected: rejected.length, ms: Math.round(reply.elapsedTime) },
        'spans',
      );
      return send(request, reply, 200, { type: 'ExportTraceServiceResponse', body: successOf(rejected) });
    },
  );
  app.addHook('onResponse', async (_, reply) =>
    metrics.seconds.observe({ status: String(reply.statusCode) }, reply.elapsedTime / 1000),
  );
  const take = (request: ExportTraceRequest, system: string | undefined) =>
    orRetry(() => takeSpans(request, outsideLog, { now: now(), system }));

  return {
    listen: async ({ port, host = '127.0.0.1' }) => {
      await clients?.ready;
      await app.listen({ port, host });
      return (app.server.address() as AddressInfo).port;
    },
    close: async () => {
      clients?.stop();
      await app.close();
    },
  };
}

function createApp(maxBytes: number): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: maxBytes,
    connectionTimeout: 30_000,
    keepAliveTimeout: 60_000,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
  });
  app.server.maxConnections = CONNECTIONS;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', 'application/x-protobuf'], { parseAs: 'buffer' }, (_, body, done) =>
    done(null, body),
  );
  return app;
}

/** OTLP's exporters send again what is answered with 503; here that is harmless. */
async function orRetry<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable('The spans could not be made durable; send them again.', RETRY_AFTER_S, error);
  }
}

function count({ spans }: OtlpMetrics, { landed, known, ignored, rejected }: Taken): void {
  spans.inc({ outcome: 'landed' }, landed);
  spans.inc({ outcome: 'known' }, known);
  spans.inc({ outcome: 'ignored' }, ignored);
  spans.inc({ outcome: 'rejected' }, rejected.length);
}

const TOLD = 5;

/** OTLP's partial success: how many were rejected and, for whoever reads the collector's log, why the first ones were. */
function successOf(rejected: readonly RejectedSpan[]) {
  if (rejected.length === 0) return {};
  const reasons = [...new Set(rejected.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`)))];
  const more = reasons.length > TOLD ? `; and ${reasons.length - TOLD} more reasons` : '';
  return {
    partialSuccess: {
      rejectedSpans: String(rejected.length),
      errorMessage: `${reasons.slice(0, TOLD).join('; ')}${more}`.slice(0, 2_000),
    },
  };
}
