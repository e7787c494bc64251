import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Estate } from '#contracts/v1/estate.ts';
import type { IntakeHeaders } from '#contracts/v1/intake.ts';
import type { Accept } from './accept.ts';
import type { Gate } from './gate.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { IntakeQueries } from './queries.ts';

/** What every route is made with. */
export interface RouteContext {
  app: FastifyInstance;
  estate: Estate;
  /** Resolves a secret named in the estate file. */
  secrets: (setting: string) => string;
  accept: Accept;
  gate: Gate;
  queries: IntakeQueries;
  metrics: IntakeMetrics;
  now: () => Date;
}

/** A header once, or undefined; of a header sent twice the first counts. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}

const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Headers that every arrival has: when it came, where it comes from, and the caller's trace. */
export function commonHeaders(
  request: FastifyRequest,
  { estate, now }: Pick<RouteContext, 'estate' | 'now'>,
): Pick<IntakeHeaders, 'syncline-received-at' | 'syncline-origin' | 'traceparent'> {
  const traceparent = headerOf(request, 'traceparent');
  return {
    'syncline-received-at': now().toISOString(),
    'syncline-origin': originOf(estate.simulated, headerOf(request, 'x-syncline-origin')),
    ...(traceparent !== undefined && traceparentForm.test(traceparent) ? { traceparent } : {}),
  };
}

/** Only in a simulated estate may the sender say what it is: elsewhere backfill would be a way past every alert. */
export function originOf(simulated: boolean, claimed: string | undefined): IntakeHeaders['syncline-origin'] {
  if (!simulated) return 'live';
  return claimed === 'backfill' || claimed === 'live' ? claimed : 'simulated';
}

/** The body as it arrived; empty where there was none. */
export const bodyOf = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
