import { useFetcher } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import type { ReconciliationResult } from '#app/commands/reconciliation.ts';
import { Button } from '#app/components/button.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { BreakView } from '#app/presenters/reconciliation-break.ts';
import { fetchPath } from './paths.ts';

/** Fetch a missing order, assign, comment, close with evidence. What a role may not do is not offered; the engine checks again. */
export function BreakActions({ view }: { view: BreakView }) {
  const fetcher = useFetcher<ReconciliationResult>({ key: `break:${view.id}` });
  const note = useRef<HTMLTextAreaElement>(null);
  const intent = fetcher.formData?.get('intent');
  useEffect(() => {
    if (fetcher.data?.ok === true && fetcher.data.intent === 'comment' && note.current) note.current.value = '';
  }, [fetcher.data]);
  if (!view.may.comment && !view.may.fetch) return null;
  const mine = view.assignee === view.viewer;
  const hidden = (name: string) => (
    <>
      <input type="hidden" name="intent" value={name} />
      <input type="hidden" name="revision" value={view.revision} />
    </>
  );
  return (
    <Panel title="Actions">
      <div className="flex flex-col gap-4">
        {view.may.fetch && (
          <fetcher.Form method="post" action={fetchPath}>
            <input type="hidden" name="break" value={view.id} />
            <input type="hidden" name="revision" value={view.revision} />
            <Button type="submit" look="primary" busy={fetcher.formData?.has('break') === true}>
              Fetch and send through
            </Button>
          </fetcher.Form>
        )}
        {view.may.work && (
          <fetcher.Form method="post">
            {hidden('assign')}
            <input type="hidden" name="assignee" value={mine ? '' : view.viewer} />
            <Button type="submit" busy={intent === 'assign'}>
              {mine ? 'Give it back' : 'Assign to me'}
            </Button>
          </fetcher.Form>
        )}
        {view.may.close && (
          <fetcher.Form method="post" className="flex flex-col gap-2">
            {hidden('close')}
            <Field
              label="Document that puts it right (optional)"
              name="document_number"
              maxLength={128}
              placeholder="Adjustment, journal, credit memo…"
            />
            <TextArea label="Reason" name="reason" required maxLength={1000} rows={2} />
            <Button type="submit" busy={intent === 'close'} className="w-fit">
              Close with this evidence
            </Button>
          </fetcher.Form>
        )}
        {view.may.comment && (
          <fetcher.Form method="post" className="flex flex-col gap-2">
            {hidden('comment')}
            <TextArea ref={note} label="Comment" name="note" required maxLength={4000} rows={2} />
            <Button type="submit" busy={intent === 'comment'} className="w-fit">
              Add comment
            </Button>
          </fetcher.Form>
        )}
        {fetcher.state === 'idle' && fetcher.data !== undefined && (
          <Notice kind={fetcher.data.ok ? 'good' : 'bad'}>{fetcher.data.message}</Notice>
        )}
      </div>
    </Panel>
  );
}
