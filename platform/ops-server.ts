import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** Why a service may not work yet; empty when it may. */
export type ReadinessCheck = () => Promise<string[]> | string[];

export interface OpsServer {
  port: number;
  close(): Promise<void>;
}

/** `/healthz` (the process lives), `/readyz` (it may work; 503 with reasons) and `/metrics` (Prometheus). */
export async function startOpsServer(options: {
  port: number;
  host?: string;
  metrics: Metrics;
  ready: ReadinessCheck;
}): Promise<OpsServer> {
  const server = createServer((request, response) => {
    void route(request.url ?? '/', options).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function route(url: string, options: { metrics: Metrics; ready: ReadinessCheck }) {
  const json = (status: number, value: unknown) => ({ status, type: 'application/json', body: JSON.stringify(value) });
  switch (url.split('?')[0]) {
    case '/healthz':
      return json(200, { status: 'ok' });
    case '/readyz': {
      const reasons = await readiness(options.ready);
      return json(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
    }
    case '/metrics':
      return { status: 200, type: options.metrics.contentType, body: await options.metrics.metrics() };
    default:
      return json(404, { error: 'not found; try /healthz, /readyz or /metrics' });
  }
}

/** A check that throws is itself a reason. */
export async function readiness(check: ReadinessCheck): Promise<string[]> {
  try {
    return await check();
  } catch (error) {
    return [error instanceof Error ? error.message : 'the readiness check failed'];
  }
}
