import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { followLatest } from '#platform/nats/follow.ts';

/** The open cases as this process last heard of them. For decisions read the case itself. */
export interface CaseIndex {
  open(): IterableIterator<CaseState>;
  /**
   * Resolves once every change has been heard of that was durable when this was asked; with false where that takes too
   * long.
   */
  caughtUp(): Promise<boolean>;
  /** Told of every case that changes, closed ones too. @returns how to stop being told. */
  onChange(listener: (state: CaseState) => void): () => void;
  stop(): void;
}

/** Follows CASES from the last event of each case. */
export async function followCases(js: JetStreamClient, manager: JetStreamManager, log: Log): Promise<CaseIndex> {
  const known = new Map<string, CaseState>();
  const listeners = new Set<(state: CaseState) => void>();
  const following = await followLatest(js, manager, {
    stream: streams.cases,
    subject: subjects.allCases,
    log,
    onMessage: (message) => {
      const { state } = message.json<CaseEvent>();
      if (isClosed(state)) known.delete(state.case_id);
      else known.set(state.case_id, state);
      for (const listener of listeners) listener(state);
    },
  });
  return {
    open: () => known.values(),
    caughtUp: () => following.caughtUp(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => following.stop(),
  };
}
