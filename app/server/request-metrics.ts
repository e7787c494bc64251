import type { RequestHandler } from 'express';
import { Histogram } from 'prom-client';
import type { Metrics } from '#platform/metrics.ts';

/** Time to answer, by method and class of status; streams of `/live` are not requests in this sense. */
export function measureRequests(metrics: Metrics): RequestHandler {
  const duration = new Histogram({
    name: 'console_request_seconds',
    help: 'Seconds until the console had answered a request.',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  return (request, response, next) => {
    if (request.path !== '/live') {
      const end = duration.startTimer({ method: request.method });
      response.once('finish', () => void end({ status: `${Math.floor(response.statusCode / 100)}xx` }));
    }
    next();
  };
}
