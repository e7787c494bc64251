import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { Notice, StateNotice } from '#app/components/state-notice.tsx';
import type { QueryView } from '#app/presenters/query.ts';
import { ResultView } from './result-view.tsx';
import type { Run } from './use-run.ts';

/** How a query goes: where it waits, that it runs, what was wrong with it, or its result. */
export function RunView({ run, view }: { run: Run; view: QueryView }) {
  const { now, leave } = run;
  const { seconds } = view.limits;
  switch (now.state) {
    case 'idle':
      return (
        <Panel title="Result" flush>
          <StateNotice kind="info" title="Nothing was run yet">
            Run the query with Ctrl Enter. It is read-only, reads what ingest has landed so far, and ends after{' '}
            {seconds} seconds at the latest.
          </StateNotice>
        </Panel>
      );
    case 'waiting':
      return (
        <Panel title="Result" flush>
          <StateNotice
            kind="info"
            title={now.place === 1 ? 'Next in line' : `Number ${now.place} in line`}
            action={<Button onClick={leave}>Do not wait</Button>}
          >
            {view.atOnce === 1 ? 'One query runs' : `${view.atOnce} queries run`} at a time, so that pages are not
            slowed down. Each ends within {seconds} seconds.
          </StateNotice>
        </Panel>
      );
    case 'running':
      return (
        <Panel title="Result" flush>
          <StateNotice
            kind="info"
            title="Running"
            action={<Button onClick={leave}>{view.stoppable ? 'Stop it' : 'Do not wait for it'}</Button>}
          >
            <Elapsed key={run.sql} limit={seconds} />{' '}
            {!view.stoppable &&
              'It cannot be stopped on this installation: ClickHouse is embedded, and only the time limit ends a query.'}
          </StateNotice>
        </Panel>
      );
    case 'refused':
      return (
        <Notice
          kind="bad"
          title={now.place ? `Line ${now.place.line}, column ${now.place.column}` : 'The query was not answered'}
        >
          <span className="break-words">{now.message}</span>
        </Notice>
      );
    case 'done':
      return <ResultView result={now.result} name={view.chosen?.name ?? 'query'} />;
  }
}

function Elapsed({ limit }: { limit: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - began) / 1_000)), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="tabular-nums">
      {seconds} of at most {limit} seconds.
    </span>
  );
}
