import type { FastifyInstance } from 'fastify';
import { Gauge } from 'prom-client';
import type { Counts } from './inspection.ts';
import { createMetrics } from '#platform/metrics.ts';

/** `/healthz`, `/readyz` and `/metrics`, on the listener of the vendors. */
export function opsRoutes(app: FastifyInstance, counts: () => Record<string, Counts>, ready: () => string[]): void {
  const metrics = createMetrics('simulator');
  const records = new Gauge({
    name: 'syncline_simulator_records',
    help: 'What a simulated system counts: documents, captures, repeats prevented',
    labelNames: ['system', 'what'],
    registers: [metrics],
    collect: () => {
      for (const [system, ofSystem] of Object.entries(counts()))
        for (const [what, count] of Object.entries(ofSystem))
          if (typeof count === 'number') records.set({ system, what }, count);
    },
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) => {
    const reasons = ready();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
