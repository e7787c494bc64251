import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { createRequestHandler } from '@remix-run/express';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { apiRouter } from '#app/api/router.ts';
import { livePulse, liveStream } from '#app/live/sse.ts';
import type { Metrics } from '#platform/metrics.ts';
import { readiness, type ReadinessCheck } from '#platform/ops-server.ts';
import type { Bundle } from './bundle.ts';
import type { AppServices } from './context.ts';
import { readSession, sessionEnded, viewerOf } from './session-middleware.ts';
import { measureRequests } from './request-metrics.ts';
import { limitBody, nonceOf, sameOriginOnly, securityHeaders } from './security.ts';

export interface HostOptions {
  services: AppServices;
  bundle: Bundle;
  /** How browsers reach the console, "https://console.example.com"; absent: whatever host they name. */
  publicOrigin?: string;
  /** Reverse proxies in front whose X-Forwarded headers count. */
  trustedProxies: number;
  metrics: Metrics;
  ready: ReadinessCheck;
}

/** A payload under repair is at most a megabyte; a form around it may be three times that, percent-encoded. */
const maxBodyBytes = 4 * 1024 * 1024;
const yearInSeconds = 31_536_000;

/** The console's HTTP server: security headers, files, `/live`, `/api`, and everything else from Remix. */
export function createHost(options: HostOptions): Server {
  const { services, metrics, bundle } = options;
  const app = express();
  app.disable('x-powered-by').set('trust proxy', options.trustedProxies);
  serveOperations(app, options);
  app.use(measureRequests(metrics));
  app.use(securityHeaders({ https: isHttps(options.publicOrigin), development: bundle.vite !== undefined }));
  app.get('/live', (request, response, next) => {
    liveStream(services.live, services.sessions)(request, response).catch(next);
  });
  app.get('/live/pulse', (request, response, next) => {
    livePulse(services.live)(request, response).catch(next);
  });
  app.use(compression());
  app.use('/api', apiRouter(services));
  if (bundle.vite) app.use(bundle.vite);
  else serveAssets(app, bundle.assets);
  app.use(sameOriginOnly(options.publicOrigin), limitBody(maxBodyBytes));
  app.use(readSession(services));
  const answer = createRequestHandler({
    build: bundle.build,
    mode: bundle.vite ? 'development' : 'production',
    getLoadContext: (request, response) => ({
      ...services,
      cspNonce: nonceOf(response),
      viewer: viewerOf(response),
      sessionEnded: sessionEnded(response),
      clientAddress: request.ip ?? '',
    }),
  });
  app.all('*', (request, response, next) => void answer(request, response, next));
  app.use(lastResort(services));
  const server = createServer(app);
  server.requestTimeout = 30_000;
  return server;
}

export const isHttps = (publicOrigin: string | undefined): boolean => publicOrigin?.startsWith('https:') ?? false;

function serveOperations(app: Express, { metrics, ready }: HostOptions): void {
  app.get('/healthz', (_, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_, response, next) => {
    readiness(ready)
      .then((reasons) =>
        response.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons }),
      )
      .catch(next);
  });
  app.get('/metrics', (_, response, next) => {
    metrics
      .metrics()
      .then((text) => response.type(metrics.contentType).send(text))
      .catch(next);
  });
}

/** Built files carry a hash in their name and never change; the few others are asked for again each hour. */
function serveAssets(app: Express, folder: string): void {
  app.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: yearInSeconds * 1_000, index: false }),
  );
  app.use('/assets', (_, response) => void response.status(404).type('text/plain').send('No such file.'));
  app.use(express.static(folder, { maxAge: 3_600_000, index: false }));
}

/** Reached only when Remix itself could not answer. */
function lastResort({ log }: AppServices) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    log.error({ err: error, path: request.path }, 'a request failed');
    if (response.headersSent) next(error);
    else response.status(500).type('text/plain').send('The console could not answer. Try again in a moment.');
  };
}
