import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { formatNumber } from '#app/format.ts';
import type { ConnectorResult } from '#app/commands/connector.ts';
import type { ConnectorView } from '#app/presenters/connectors.ts';
import { connectorPath } from './paths.ts';

/** Pauses a connector or resumes it, with a question and a reason first. */
export function PauseSwitch({ view, onResult }: { view: ConnectorView; onResult: (result: ConnectorResult) => void }) {
  const fetcher = useFetcher<ConnectorResult>();
  const [asking, setAsking] = useState(false);
  const { state, data } = fetcher;
  const paused = view.switch?.paused === true;
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    setAsking(false);
    onResult(data);
    // Only what has just come is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  const waits = view.backlog === 1 ? 'The message that waits' : `The ${formatNumber(view.backlog)} messages that wait`;
  return (
    <>
      <Button look={paused ? 'primary' : 'danger'} onClick={() => setAsking(true)}>
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <Dialog open={asking} onOpenChange={setAsking} title={paused ? `Resume ${view.name}?` : `Pause ${view.name}?`}>
        <fetcher.Form method="post" action={connectorPath(view.id)} className="flex flex-col gap-3">
          <input type="hidden" name="intent" value={paused ? 'resume' : 'pause'} />
          <p>
            {paused
              ? `${view.backlog > 0 ? `${waits} and what comes go` : 'What comes goes'} to ${view.name} again, within its limits.`
              : `Calls under way come to their end; then nothing is sent to ${view.name} until somebody resumes it. Nothing is lost: orders wait, and their deadlines run on.${view.degradable ? ' They do not go on without it, as they would if it were away.' : ''}`}
          </p>
          <TextArea label="Reason" name="reason" required maxLength={1000} autoFocus />
          {state === 'idle' && data?.ok === false && <Notice kind="bad">{data.message}</Notice>}
          <DialogButtons
            leave="Leave it as it is"
            onLeave={() => setAsking(false)}
            confirm={paused ? 'Resume it' : 'Pause it'}
            danger={!paused}
            busy={state !== 'idle'}
          />
        </fetcher.Form>
      </Dialog>
    </>
  );
}
