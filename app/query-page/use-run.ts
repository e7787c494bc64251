import { useEffect, useRef, useState } from 'react';
import type { QueryProgress } from '#app/sql/progress.ts';

export type RunState = QueryProgress | { state: 'idle' };

export interface Run {
  now: RunState;
  /** The text that `now` is about. */
  sql: string;
  /** @param search the page's address, of which the time range counts. */
  start: (sql: string, search: URLSearchParams) => void;
  /** Leaves the queue; a query that runs is stopped where that is possible. */
  leave: () => void;
}

const lost = { state: 'refused', message: 'The console did not answer to the end. Run the query again.' } as const;

/** Runs a query and follows it, one at a time; leaving the page leaves the query. */
export function useRun(): Run {
  const [{ now, sql }, set] = useState<{ now: RunState; sql: string }>({ now: { state: 'idle' }, sql: '' });
  const under = useRef<AbortController>(undefined);
  useEffect(() => () => under.current?.abort(), []);

  const start = (asked: string, search: URLSearchParams) => {
    under.current?.abort();
    const controller = new AbortController();
    under.current = controller;
    const show = (next: RunState) => {
      if (!controller.signal.aborted) set({ now: next, sql: asked });
    };
    show({ state: 'running' });
    follow(asked, search, controller.signal, show).catch(() => show(lost));
  };
  const leave = () => {
    under.current?.abort();
    set({ now: { state: 'idle' }, sql });
  };
  return { now, sql, start, leave };
}

async function follow(sql: string, search: URLSearchParams, signal: AbortSignal, show: (next: RunState) => void) {
  const body = new URLSearchParams({ sql });
  // The rest of the address may be the text once more, and as long.
  for (const name of ['range', 'from', 'to']) {
    const value = search.get(name);
    if (value !== null) body.set(name, value);
  }
  const response = await fetch('/query/run', { method: 'POST', body, signal });
  if (!response.ok || response.body === null || response.redirected) return show(lost);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let ended = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const progress = JSON.parse(line) as QueryProgress;
      ended = progress.state === 'done' || progress.state === 'refused';
      show(progress);
    }
  }
  if (!ended) show(lost);
}
