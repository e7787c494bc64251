import { Counter, Histogram } from 'prom-client';
import type { Metrics } from '#platform/metrics.ts';

export const createOtlpMetrics = (metrics: Metrics) => ({
  spans: new Counter({
    name: 'syncline_otlp_spans_total',
    help: 'Spans received over OTLP: landed, known already, rejected with a reason, ignored as none of ours',
    labelNames: ['outcome'] as const,
    registers: [metrics],
  }),
  seconds: new Histogram({
    name: 'syncline_otlp_request_seconds',
    help: 'From the first byte of an OTLP request to its answer',
    labelNames: ['status'] as const,
    registers: [metrics],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
});
export type OtlpMetrics = ReturnType<typeof createOtlpMetrics>;
