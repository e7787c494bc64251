import { useFetcher } from '@remix-run/react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button, type ButtonLook } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { IncidentResult } from '#app/commands/incident.ts';
import type { IncidentView } from '#app/presenters/incident-page.ts';
import type { IncidentChangeKind } from '#contracts/v1/incident.ts';
import { incidentPath } from './paths.ts';

interface IncidentDialogProps {
  view: IncidentView;
  intent: IncidentChangeKind;
  /** Whether it can be decided now. A dialog that is open stays: what somebody wrote is theirs until they leave it. */
  offered: boolean;
  /** What the button says, what the dialog asks, and what its own button says. */
  words: { button: string; title: string; confirm: string };
  look?: ButtonLook;
  wide?: boolean;
  children: ReactNode;
}

/**
 * A decision about an incident, with what it needs. It is made on the incident as it stood when the dialog was opened;
 * whoever was second is told, keeps what they wrote, and may send it again.
 */
export function IncidentDialog(props: IncidentDialogProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      {props.offered && (
        <Button look={props.look ?? 'secondary'} onClick={() => setAsking(true)}>
          {props.words.button}
        </Button>
      )}
      {asking && <Asked {...props} onLeave={() => setAsking(false)} />}
    </>
  );
}

function Asked({ view, intent, words, wide, children, onLeave }: IncidentDialogProps & { onLeave: () => void }) {
  const fetcher = useFetcher<IncidentResult>();
  const [revision, setRevision] = useState(view.revision);
  const { state, data } = fetcher;
  useEffect(() => {
    if (state !== 'idle' || data === undefined) return;
    if (data.ok) onLeave();
    else if (data.second) setRevision(view.revision);
    // Once for each answer, by which time the page has been read again: what changes after that is another one's to be told of.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onLeave())}
      title={words.title}
      description={`${view.id}: ${view.title}`}
      wide={wide ?? false}
    >
      <fetcher.Form method="post" action={incidentPath(view.id)} className="flex flex-col gap-3">
        <input type="hidden" name="intent" value={intent} />
        <input type="hidden" name="revision" value={revision} />
        {children}
        {state === 'idle' && data?.ok === false && (
          <Notice kind={data.second ? 'warn' : 'bad'} {...(data.second && { title: 'Somebody was first' })}>
            {data.message}
          </Notice>
        )}
        <DialogButtons leave="Leave it as it is" onLeave={onLeave} confirm={words.confirm} busy={state !== 'idle'} />
      </fetcher.Form>
    </Dialog>
  );
}
