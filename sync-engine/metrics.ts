import { Counter, Gauge, Histogram } from 'prom-client';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import type { Flow, StepStatus } from '#contracts/v1/step-event.ts';
import type { Metrics } from '#platform/metrics.ts';

/** What the engine tells of its work as it happens. */
export interface EngineMetrics {
  appended: (flow: Flow, step: string, status: StepStatus) => void;
  /** @param outcome `ok`, or the error's class. */
  called: (system: string, verb: string, outcome: string, milliseconds: number) => void;
  /** One look at a system that has to be asked what is new. */
  looked: (system: string, outcome: 'ok' | 'failed') => void;
  connector: (state: Pick<ConnectorState, 'id' | 'pending' | 'in_flight' | 'waiting'>) => void;
  /** Asked for the number of open cases whenever the figures are read. */
  countCases: (count: () => number) => void;
}

/** Label values come from closed lists (flows, steps, systems, verbs, error classes), never from a payload. */
export function createEngineMetrics(registry: Metrics): EngineMetrics {
  const registers = [registry];
  const steps = new Counter({
    name: 'syncline_steps_appended_total',
    help: 'Step events appended by this replica.',
    labelNames: ['flow', 'step', 'status'],
    registers,
  });
  const calls = new Histogram({
    name: 'syncline_call_seconds',
    help: 'Attempts at a business service of an outside system: look-up, waiting for its limits, call and answer.',
    labelNames: ['system', 'verb', 'outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const looks = new Counter({
    name: 'syncline_polls_total',
    help: 'Looks at systems that have to be asked what is new.',
    labelNames: ['system', 'outcome'],
    registers,
  });
  const backlog = new Gauge({
    name: 'syncline_connector_backlog',
    help: 'Work of a connector that is not done, as the replica that holds its lease last saw it.',
    labelNames: ['system', 'state'],
    registers,
  });
  return {
    appended: (flow, step, status) => steps.inc({ flow, step, status }),
    called: (system, verb, outcome, milliseconds) => calls.observe({ system, verb, outcome }, milliseconds / 1000),
    looked: (system, outcome) => looks.inc({ system, outcome }),
    connector: ({ id, pending, in_flight, waiting }) => {
      for (const [state, count] of Object.entries({ pending, in_flight, waiting }))
        backlog.set({ system: id, state }, count);
    },
    countCases: (count) => {
      new Gauge({
        name: 'syncline_open_cases',
        help: 'Cases that wait for somebody.',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
  };
}
