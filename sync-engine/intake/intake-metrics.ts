import { Counter, Histogram } from 'prom-client';
import type { Metrics } from '#platform/metrics.ts';

export type IntakeMetrics = ReturnType<typeof createIntakeMetrics>;

/** Label values come from closed lists (systems of the estate, topics, routes, reasons), never from a request. */
export function createIntakeMetrics(registry: Metrics) {
  const registers = [registry];
  return {
    accepted: new Counter({
      name: 'syncline_intake_accepted_total',
      help: 'Messages accepted and durable, duplicates apart.',
      labelNames: ['system', 'topic'],
      registers,
    }),
    duplicates: new Counter({
      name: 'syncline_intake_duplicates_total',
      help: 'Repeated deliveries that were answered without a second effect.',
      labelNames: ['system', 'topic'],
      registers,
    }),
    bytes: new Counter({
      name: 'syncline_intake_bytes_total',
      help: 'Bytes of accepted payloads.',
      labelNames: ['system'],
      registers,
    }),
    stale: new Counter({
      name: 'syncline_intake_stale_total',
      help: 'Webhooks accepted though they were triggered longer ago than the policy allows.',
      labelNames: ['system'],
      registers,
    }),
    refused: new Counter({
      name: 'syncline_intake_refused_total',
      help: 'Requests refused, by reason.',
      labelNames: ['route', 'reason'],
      registers,
    }),
    seconds: new Histogram({
      name: 'syncline_intake_request_seconds',
      help: 'Time from the first byte of a request to its answer.',
      labelNames: ['route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}
