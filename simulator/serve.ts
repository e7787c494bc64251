import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Conditions } from './conditions.ts';
import type { SystemKind, VendorApi } from './vendors/vendor.ts';
import { refuse } from './vendors/vendor.ts';

export interface ServedSystem {
  id: string;
  kind: SystemKind;
  api: VendorApi;
  /** Calls answered, by status. */
  statuses: Map<number, number>;
}

/** How long a timed-out call is held before the connection is dropped without an answer. */
const HOLD_MS = 60_000;

/** One listener for the whole estate; bodies stay text, since some vendors sign them and JSON numbers lose digits. */
export function createListener(): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  return app;
}

/** Mounts one system under `/<id>` with its authentication, limits, maintenance, faults and latency in front. */
export function mount(app: FastifyInstance, served: ServedSystem, conditions: Conditions): void {
  const { id, kind, api } = served;
  const losing = new WeakSet<FastifyRequest>();
  void app.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        if (!api.authorised(request)) return refuse(reply, api.refusals.unauthorised());
        const maintenance = conditions.maintenanceLeft(id);
        if (maintenance > 0) return refuse(reply, api.refusals.unavailable(Math.ceil(maintenance / 1000)));
        if (conditions.limits) {
          const refusal = api.limit?.(request, reply);
          if (refusal !== undefined) return refuse(reply, refusal);
        }
        const fault = conditions.strike(id);
        if (fault === 'error') return refuse(reply, api.refusals.internal());
        if (fault === 'throttle') return refuse(reply, api.refusals.throttled(2));
        if (fault === 'timeout') {
          await held(request);
          reply.hijack();
          reply.raw.destroy();
          return reply;
        }
        if (fault === 'lost_answer') losing.add(request);
        const delay = conditions.latency(kind);
        if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      });
      scope.addHook('onSend', async (request, reply, payload) => {
        served.statuses.set(reply.statusCode, (served.statuses.get(reply.statusCode) ?? 0) + 1);
        if (losing.has(request)) reply.raw.destroy();
        return payload;
      });
      api.routes(scope);
    },
    { prefix: `/${id}` },
  );
}

function held(request: FastifyRequest): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, HOLD_MS).unref();
    request.raw.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
