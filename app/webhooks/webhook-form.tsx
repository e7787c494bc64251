import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { WebhookResult } from '#app/commands/webhook.ts';
import type { EventChoice } from '#app/presenters/webhooks.ts';

interface Draft {
  name: string;
  url: string;
  version: number;
  status: string;
  events: readonly EventChoice[];
}

/** Asks whom to tell of what: of a new webhook, or of one that is changed. */
export function WebhookForm(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  action: string;
  choices: readonly EventChoice[];
  draft?: Draft;
  onDone: (result: WebhookResult) => void;
}) {
  const fetcher = useFetcher<WebhookResult>();
  const { draft, onDone, onOpenChange } = props;
  const { state, data } = fetcher;
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    onDone(data);
    onOpenChange(false);
    // Only what has just come is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, data]);
  const chosen = new Set(draft?.events.map(({ value }) => value));
  return (
    <Dialog
      open={props.open}
      onOpenChange={onOpenChange}
      title={draft === undefined ? 'New webhook' : `Change “${draft.name}”`}
      description="Messages are signed CloudEvents without personal data."
    >
      <fetcher.Form method="post" action={props.action} className="flex flex-col gap-3">
        <input type="hidden" name="intent" value="save" />
        <input type="hidden" name="version" value={draft?.version ?? 0} />
        <input type="hidden" name="status" value={draft?.status ?? 'active'} />
        <Field label="Name" name="name" required maxLength={100} defaultValue={draft?.name} autoFocus />
        <Field
          label="Endpoint"
          name="url"
          type="url"
          required
          maxLength={1000}
          placeholder="https://example.com/syncline"
          defaultValue={draft?.url}
          note="https only; private addresses are refused unless the estate allows them."
        />
        <fieldset className="grid gap-x-4 sm:grid-cols-2">
          <legend className="mb-1 text-label text-muted">Told of</legend>
          {props.choices.map(({ value, label }) => (
            <label key={value} className="flex min-h-8 items-center gap-2 max-sm:min-h-10">
              <input type="checkbox" name="event" value={value} defaultChecked={chosen.has(value)} />
              {label}
            </label>
          ))}
        </fieldset>
        {state === 'idle' && data?.ok === false && <Notice kind="bad">{data.message}</Notice>}
        <DialogButtons
          leave="Leave it"
          onLeave={() => onOpenChange(false)}
          confirm={draft === undefined ? 'Make it' : 'Change it'}
          busy={state !== 'idle'}
        />
      </fetcher.Form>
    </Dialog>
  );
}
