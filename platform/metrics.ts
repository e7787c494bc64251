import { collectDefaultMetrics, Registry } from 'prom-client';

/** Prometheus metrics of one service, with the process's own. */
export function createMetrics(service: string, options: { defaults?: boolean } = {}): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (options.defaults !== false) collectDefaultMetrics({ register: registry });
  return registry;
}
export type Metrics = Registry;
