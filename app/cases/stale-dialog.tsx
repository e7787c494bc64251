import { useFetcher } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { TextArea } from '#app/components/field.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import { placesInWords } from '#app/words/repairs.ts';
import type { PayloadDraft } from './payload-draft.ts';
import { ResultNotice } from './result-notice.tsx';

interface StaleDialogProps {
  /** Why the replay was refused. */
  reason: string;
  revision: number;
  draft: PayloadDraft;
  onClose: () => void;
}

/** A newer version of the same order is known: take it up, or say why the older one is right. */
export function StaleDialog({ reason, revision, draft, onClose }: StaleDialogProps) {
  const fetcher = useFetcher<CaseResult>();
  const [anyway, setAnyway] = useState(false);
  const { data, state } = fetcher;
  const taken = useRef<CaseResult>();
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true || taken.current === data) return;
    taken.current = data;
    if (data.newest) draft.takeUpdate(data.newest.original, data.newest.text);
    onClose();
  }, [state, data, draft, onClose]);
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())} title="A newer version is known">
      <div className="flex flex-col gap-3">
        <p>{placesInWords(reason)}</p>
        <ResultNotice result={state === 'idle' ? data : undefined} />
        {anyway ? (
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <input type="hidden" name="intent" value="replay-anyway" />
            <input type="hidden" name="revision" value={revision} />
            <TextArea label="Why the older version is right" name="note" required autoFocus maxLength={1000} />
            <DialogButtons
              leave="Back"
              onLeave={() => setAnyway(false)}
              confirm="Replay anyway"
              danger
              busy={state !== 'idle'}
            />
          </fetcher.Form>
        ) : (
          <div className="flex flex-wrap justify-end gap-2">
            <Button look="danger" onClick={() => setAnyway(true)}>
              Replay anyway…
            </Button>
            <Button
              look="primary"
              busy={state !== 'idle'}
              onClick={() => fetcher.submit({ intent: 'newest' }, { method: 'post' })}
            >
              Take the channel’s newest version into the editor
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
