import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Field } from '#app/components/field.tsx';
import { instantOf } from '#app/components/local-time.ts';
import { Panel } from '#app/components/page.tsx';
import { Instant } from '#app/components/values.tsx';
import type { ConnectorResult } from '#app/commands/connector.ts';
import type { ConnectorView } from '#app/presenters/connectors.ts';
import { ConnectorAction } from './connector-action.tsx';
import { connectorPath } from './paths.ts';

interface Props {
  view: ConnectorView;
  onResult: (result: ConnectorResult) => void;
}

/** Maintenance that people planned beside what the estate declares: nothing is sent to the system meanwhile. */
export function PlannedWindows({ view, onResult }: Props) {
  const { planned, may } = view;
  return (
    <Panel
      title="Planned maintenance"
      note="beside what the estate file declares"
      actions={may.control && <PlanMaintenance view={view} onResult={onResult} />}
    >
      {planned.length === 0 ? (
        <p className="text-muted">None is planned.</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {planned.map((window) => (
            <li key={window.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span>
                <Instant at={window.from} /> to <Instant at={window.until} />
              </span>
              <span className="min-w-0 break-words text-muted">
                {window.reason}, by {window.by}
              </span>
              {may.control && <CancelWindow id={view.id} window={window.id} onResult={onResult} />}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Local wall times of the browser, sent as instants. */
function PlanMaintenance({ view, onResult }: Props) {
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  return (
    <ConnectorAction
      {...{ id: view.id, onResult }}
      intent="plan"
      look="secondary"
      words={{ button: 'Plan', title: `Plan maintenance of ${view.name}`, confirm: 'Plan it' }}
    >
      <p>
        Nothing is sent to {view.name} meanwhile. Orders are accepted and wait for it; the urgent ones go first then.
      </p>
      <input type="hidden" name="from" value={instantOf(from)} />
      <input type="hidden" name="until" value={instantOf(until)} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Begins (your time)"
          type="datetime-local"
          required
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <Field
          label="Ends"
          type="datetime-local"
          required
          min={from}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
      </div>
    </ConnectorAction>
  );
}

function CancelWindow({ id, window, onResult }: { id: string; window: string; onResult: Props['onResult'] }) {
  const fetcher = useFetcher<ConnectorResult>();
  const { state, data } = fetcher;
  useEffect(() => {
    if (state === 'idle' && data !== undefined) onResult(data);
    // Only what has just come is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  return (
    <fetcher.Form method="post" action={connectorPath(id)} className="ml-auto">
      <input type="hidden" name="window" value={window} />
      <Button type="submit" look="quiet" name="intent" value="cancel" disabled={state !== 'idle'}>
        Cancel this window
      </Button>
    </fetcher.Form>
  );
}
