import { expect, test } from 'vitest';
import { createMetrics } from '#platform/metrics.ts';
import { createEngineMetrics } from './metrics.ts';

test('the engine tells of its steps, its calls, its backlog and its open cases', async () => {
  const registry = createMetrics('test', { defaults: false });
  const metrics = createEngineMetrics(registry);
  let open = 2;
  metrics.countCases(() => open);
  metrics.appended('order_to_cash', 'validate', 'completed');
  metrics.appended('order_to_cash', 'validate', 'completed');
  metrics.called('netsuite', 'create_sales_order', 'timeout', 300);
  metrics.connector({ id: 'netsuite', pending: 3, in_flight: 1, waiting: 7 });
  open = 5;
  const text = await registry.metrics();
  expect(text).toContain('syncline_open_cases{service="test"} 5');
  expect(text).toContain('step="validate",status="completed",service="test"} 2');
  expect(text).toMatch(/syncline_call_seconds_bucket\{le="0.5",.*outcome="timeout".*\} 1/);
  expect(text).toMatch(/syncline_call_seconds_bucket\{le="0.25",.*outcome="timeout".*\} 0/);
  expect(text).toMatch(/syncline_connector_backlog\{system="netsuite",state="waiting".*\} 7/);
});
