import { useFetcher } from '@remix-run/react';
import { useEffect, useState, type Ref } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Panel } from '#app/components/page.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { CaseTags } from './case-tags.tsx';
import { CommentForm } from './comment-form.tsx';
import { ResultNotice } from './result-notice.tsx';

type Question = 'hold' | 'done-outside' | 'discard';

const questions: Record<
  Question,
  { title: (number: string) => string; text: string; confirm: string; reason: string }
> = {
  hold: {
    title: (number) => `Put the case of ${number} on hold?`,
    text: 'Nobody can replay it until it is released.',
    confirm: 'Put on hold',
    reason: 'Reason (optional)',
  },
  'done-outside': {
    title: (number) => `Was ${number} done by hand?`,
    text: 'The document is looked up in the outside system; if it is there, the order goes on after this step.',
    confirm: 'Look it up and go on',
    reason: 'Note (optional)',
  },
  discard: {
    title: (number) => `Discard the case of ${number}?`,
    text: 'The order stays where it stopped. The case can be restored later.',
    confirm: 'Discard this case',
    reason: 'Reason',
  },
};

/** Assign, comment, hold, done outside, discard. What a role may not do is not offered; the server checks again. */
export function CaseActions({ view, comment }: { view: CaseView; comment: Ref<HTMLTextAreaElement> }) {
  const fetcher = useFetcher<CaseResult>({ key: `actions:${view.caseId}` });
  const [asking, setAsking] = useState<Question>();
  const busy = fetcher.state !== 'idle';
  const intent = fetcher.formData?.get('intent');
  const send = (name: string, more: Record<string, string> = {}) =>
    fetcher.submit({ intent: name, revision: String(view.revision), ...more }, { method: 'post' });
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) setAsking(undefined);
  }, [fetcher.state, fetcher.data]);
  const { may } = view;
  const offered = view.open ? may.work || may.replay || may.discard : may.discard && view.status === 'discarded';
  if (!offered && view.tags.length === 0) return null;
  const mine = view.assignee === view.viewerId;
  const result = busy ? undefined : fetcher.data;
  return (
    <Panel title={offered ? 'Actions' : 'Tags'}>
      <div className="flex flex-wrap gap-2 empty:hidden">
        {view.open && may.work && (
          <Button busy={intent === 'assign'} onClick={() => send('assign', { assignee: mine ? '' : view.viewerId })}>
            {mine ? 'Give it back' : 'Assign to me'}
          </Button>
        )}
        {view.open && may.work && view.status !== 'on_hold' && <Button onClick={() => setAsking('hold')}>Hold</Button>}
        {may.work && view.status === 'on_hold' && (
          <Button busy={intent === 'release'} onClick={() => send('release')}>
            Release
          </Button>
        )}
        {view.open && may.replay && view.hasOutside && (
          <Button onClick={() => setAsking('done-outside')}>Done outside</Button>
        )}
        {view.open && may.discard && (
          <Button look="danger" onClick={() => setAsking('discard')}>
            Discard
          </Button>
        )}
        {may.discard && view.status === 'discarded' && (
          <Button busy={intent === 'restore'} onClick={() => send('restore')}>
            Restore
          </Button>
        )}
      </div>
      {asking === undefined && <ResultNotice result={result} quiet={['comment']} />}
      <CaseTags view={view} />
      {may.work && view.open && <CommentForm revision={view.revision} field={comment} />}
      {asking && (
        <Dialog
          open
          onOpenChange={(open) => (open ? undefined : setAsking(undefined))}
          title={questions[asking].title(view.number)}
        >
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <p>{questions[asking].text}</p>
            <input type="hidden" name="intent" value={asking} />
            <input type="hidden" name="revision" value={view.revision} />
            {asking === 'done-outside' && (
              <Field
                label={`Document number in ${view.system}`}
                name="document_number"
                required
                maxLength={128}
                autoFocus
              />
            )}
            <TextArea
              label={questions[asking].reason}
              name="note"
              required={asking === 'discard'}
              autoFocus={asking !== 'done-outside'}
              maxLength={1000}
            />
            <ResultNotice result={result?.intent === asking ? result : undefined} />
            <DialogButtons
              leave="Leave it as it is"
              onLeave={() => setAsking(undefined)}
              confirm={questions[asking].confirm}
              danger={asking === 'discard'}
              busy={busy}
            />
          </fetcher.Form>
        </Dialog>
      )}
    </Panel>
  );
}
