import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Panel } from '#app/components/page.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import type { ShownApproval } from '#app/presenters/case-approval.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { ResultNotice } from './result-notice.tsx';

/** A replay of money that waits for a second person: who asked, for how much, and the decision. */
export function ApprovalPanel({ view, approval }: { view: CaseView; approval: ShownApproval }) {
  const fetcher = useFetcher<CaseResult>();
  const [declining, setDeclining] = useState(false);
  const busy = fetcher.state !== 'idle';
  const result = busy ? undefined : fetcher.data;
  const revision = String(view.revision);
  return (
    <Panel title="Waits for approval">
      <div className="flex flex-col gap-2">
        <p>
          <span className="font-medium break-words">{approval.requestedBy}</span> asked to replay{' '}
          {approval.amount !== '' && (
            <Money amount={approval.amount} currency={approval.currency} className="font-medium" />
          )}{' '}
          <RelativeTime at={approval.requestedAt} />.
        </p>
        {approval.amount !== view.amount && view.amount !== '' && (
          <p className="text-warn">
            ▲ The correction changes what it comes to: it arrived with{' '}
            <Money amount={view.amount} currency={view.currency} />.
          </p>
        )}
        {approval.overrideStale && (
          <p className="text-warn">▲ The channel has a newer version; this older one is to be sent all the same.</p>
        )}
        {approval.note !== '' && <p className="break-words whitespace-pre-line text-muted">{approval.note}</p>}
        <p className="text-muted">
          {view.payloadVersion === 1
            ? 'The payload is as it arrived.'
            : 'What was changed since it arrived is under “Changes”.'}
        </p>
        {approval.whyNot === '' ? (
          <div className="flex flex-wrap gap-2">
            <Button
              look="primary"
              busy={busy && fetcher.formData?.get('intent') === 'approve'}
              disabled={busy}
              onClick={() => fetcher.submit({ intent: 'approve', revision }, { method: 'post' })}
            >
              Approve and replay
            </Button>
            <Button disabled={busy} onClick={() => setDeclining(true)}>
              Decline
            </Button>
          </div>
        ) : (
          <p className="text-label text-muted">{approval.whyNot}</p>
        )}
        {!declining && <ResultNotice result={result} />}
      </div>
      {declining && (
        <Dialog open onOpenChange={setDeclining} title={`Decline the replay of ${view.number}?`}>
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <input type="hidden" name="intent" value="decline" />
            <input type="hidden" name="revision" value={revision} />
            <TextArea label={`Reason, for ${approval.requestedBy}`} name="note" required autoFocus maxLength={1000} />
            <ResultNotice result={result?.intent === 'decline' ? result : undefined} />
            <DialogButtons
              leave="Leave it"
              onLeave={() => setDeclining(false)}
              confirm="Decline the replay"
              danger
              busy={busy}
            />
          </fetcher.Form>
        </Dialog>
      )}
    </Panel>
  );
}
