import type { JetStreamClient } from '@nats-io/jetstream';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { follow } from '#platform/nats/follow.ts';

/** The open cases as this process last heard of them. For decisions read the case itself. */
export interface CaseIndex {
  open(): IterableIterator<CaseState>;
  /** Told of every case that changes, closed ones too. @returns how to stop being told. */
  onChange(listener: (state: CaseState) => void): () => void;
  stop(): void;
}

/** Follows CASES from the last event of each case. */
export async function followCases(js: JetStreamClient, log: Log): Promise<CaseIndex> {
  const known = new Map<string, CaseState>();
  const listeners = new Set<(state: CaseState) => void>();
  const following = await follow(
    js,
    streams.cases,
    subjects.allCases,
    (message) => {
      const { state } = message.json<CaseEvent>();
      if (isClosed(state)) known.delete(state.case_id);
      else known.set(state.case_id, state);
      for (const listener of listeners) listener(state);
    },
    log,
  );
  return {
    open: () => known.values(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => following.stop(),
  };
}
