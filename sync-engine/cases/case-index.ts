import { DeliverPolicy, type JetStreamClient } from '@nats-io/jetstream';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';

/** The open cases as this process last heard of them. For decisions read the case itself. */
export interface CaseIndex {
  open(): IterableIterator<CaseState>;
  stop(): void;
}

/** Follows CASES from the last event of each case. */
export async function followCases(js: JetStreamClient, log: Log): Promise<CaseIndex> {
  const known = new Map<string, CaseState>();
  const consumer = await js.consumers.get(streams.cases, {
    filter_subjects: subjects.allCases,
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  const messages = await consumer.consume({
    callback: (message) => {
      try {
        const { state } = message.json<CaseEvent>();
        if (isClosed(state)) known.delete(state.case_id);
        else known.set(state.case_id, state);
      } catch (error) {
        log.warn({ err: error, seq: message.seq }, 'an event of a case could not be read');
      }
    },
  });
  return { open: () => known.values(), stop: () => messages.stop() };
}
