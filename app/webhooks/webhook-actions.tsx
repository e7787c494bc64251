import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import type { WebhookResult } from '#app/commands/webhook.ts';
import type { WebhookView } from '#app/presenters/webhooks.ts';
import { webhookPath } from './paths.ts';
import { WebhookForm } from './webhook-form.tsx';

type Question = 'pause' | 'activate' | 'rotate' | 'remove';

const questions: Record<Question, { intent: string; status: string; title: string; text: string; confirm: string }> = {
  pause: {
    intent: 'switch',
    status: 'paused',
    title: 'Pause it?',
    text: 'Its endpoint is told nothing until it is active again; then it is told what happened meanwhile, as far as that is kept.',
    confirm: 'Pause it',
  },
  activate: {
    intent: 'switch',
    status: 'active',
    title: 'Make it active?',
    text: 'Its endpoint is told what happened meanwhile, in order, and then what happens from now on.',
    confirm: 'Make it active',
  },
  rotate: {
    intent: 'rotate',
    status: '',
    title: 'Make a new secret?',
    text: 'For a day messages are signed with the former one too, so that the receiver can change in its own time.',
    confirm: 'Make a new secret',
  },
  remove: {
    intent: 'remove',
    status: '',
    title: 'Remove it?',
    text: 'Its endpoint is told nothing more, and what waits for it is forgotten. The delivery log stays.',
    confirm: 'Remove it',
  },
};

/** What an administrator may do with a webhook. */
export function WebhookActions({ view, onResult }: { view: WebhookView; onResult: (result: WebhookResult) => void }) {
  const fetcher = useFetcher<WebhookResult>();
  const [asking, setAsking] = useState<Question>();
  const [editing, setEditing] = useState(false);
  const { state, data } = fetcher;
  useEffect(() => {
    if (state !== 'idle' || data === undefined) return;
    setAsking(undefined);
    onResult(data);
    // Only what has just come is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  const question = asking === undefined ? undefined : questions[asking];
  return (
    <>
      <Button onClick={() => setEditing(true)}>Change</Button>
      <Button onClick={() => setAsking('rotate')}>New secret</Button>
      <Button onClick={() => setAsking(view.status === 'active' ? 'pause' : 'activate')}>
        {view.status === 'active' ? 'Pause' : 'Make active'}
      </Button>
      <Button look="danger" onClick={() => setAsking('remove')}>
        Remove
      </Button>
      <Dialog open={question !== undefined} onOpenChange={() => setAsking(undefined)} title={question?.title ?? ''}>
        <fetcher.Form method="post" action={webhookPath(view.id)} className="flex flex-col gap-3">
          <input type="hidden" name="intent" value={question?.intent} />
          <input type="hidden" name="status" value={question?.status} />
          <input type="hidden" name="version" value={view.version} />
          <p>{question?.text}</p>
          {asking === 'rotate' && view.formerSecretUntil !== '' && (
            <label className="flex items-center gap-2">
              <input type="checkbox" name="retire_former" value="yes" /> Those before the present one sign no more
            </label>
          )}
          <DialogButtons
            leave="Leave it as it is"
            onLeave={() => setAsking(undefined)}
            confirm={question?.confirm ?? ''}
            danger={asking === 'remove'}
            busy={state !== 'idle'}
          />
        </fetcher.Form>
      </Dialog>
      <WebhookForm
        open={editing}
        onOpenChange={setEditing}
        action={webhookPath(view.id)}
        choices={view.choices}
        draft={view}
        onDone={onResult}
      />
    </>
  );
}
