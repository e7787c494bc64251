import { useFetcher } from '@remix-run/react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { ConnectorResult } from '#app/commands/connector.ts';
import { connectorPath } from './paths.ts';

interface Props {
  id: string;
  intent: 'pause' | 'resume' | 'drain' | 'plan' | 'observe' | 'live' | 'subscribe';
  /** What the button says, what the dialog asks, and what its own button says. */
  words: { button: string; title: string; confirm: string };
  look: 'primary' | 'secondary' | 'danger';
  /** What will happen, and fields beside the reason. */
  children: ReactNode;
  onResult: (result: ConnectorResult) => void;
}

/** A decision about a connector, with a question and a reason first. */
export function ConnectorAction({ id, intent, words, look, children, onResult }: Props) {
  const fetcher = useFetcher<ConnectorResult>();
  const [asking, setAsking] = useState(false);
  const { state, data } = fetcher;
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    setAsking(false);
    onResult(data);
    // Only what has just come is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  return (
    <>
      <Button look={look} onClick={() => setAsking(true)}>
        {words.button}
      </Button>
      <Dialog open={asking} onOpenChange={setAsking} title={words.title}>
        <fetcher.Form method="post" action={connectorPath(id)} className="flex flex-col gap-3">
          <input type="hidden" name="intent" value={intent} />
          {children}
          <TextArea label="Reason" name="reason" required maxLength={1000} autoFocus={intent !== 'plan'} />
          {state === 'idle' && data?.ok === false && <Notice kind="bad">{data.message}</Notice>}
          <DialogButtons
            leave="Leave it as it is"
            onLeave={() => setAsking(false)}
            confirm={words.confirm}
            danger={look === 'danger'}
            busy={state !== 'idle'}
          />
        </fetcher.Form>
      </Dialog>
    </>
  );
}
