import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { RepairResult } from '#app/commands/repair.ts';
import { formatNumber } from '#app/format.ts';
import type { RepairRunView } from '#app/presenters/repair-runs.ts';

/** Starting, pausing, resuming and aborting a run, as far as its state allows. */
export function RunControls({ view }: { view: RepairRunView }) {
  const fetcher = useFetcher<RepairResult>();
  const [asking, setAsking] = useState<'start' | 'abort'>();
  const busy = fetcher.state !== 'idle';
  const refused = !busy && fetcher.data?.ok === false ? fetcher.data.message : undefined;
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) setAsking(undefined);
  }, [fetcher.state, fetcher.data]);
  const send = (intent: string) => fetcher.submit({ intent }, { method: 'post' });
  const mayAbort = ['trying', 'tried', 'replaying', 'paused'].includes(view.status);
  return (
    <>
      {mayAbort && (
        <Button look="danger" busy={busy} onClick={() => setAsking('abort')}>
          Abort
        </Button>
      )}
      {view.status === 'replaying' && (
        <Button busy={busy} onClick={() => send('pause')}>
          Pause
        </Button>
      )}
      {view.status === 'paused' && (
        <Button look="primary" busy={busy} onClick={() => send('resume')}>
          Resume
        </Button>
      )}
      {view.status === 'tried' && view.toReplay > 0 && (
        <Button look="primary" busy={busy} onClick={() => setAsking('start')}>
          Replay {formatNumber(view.toReplay)}
        </Button>
      )}
      {asking === undefined && refused !== undefined && <span className="text-bad">{refused}</span>}
      {asking === 'start' && (
        <Dialog
          open
          onOpenChange={(open) => (open ? undefined : setAsking(undefined))}
          title={`Replay ${formatNumber(view.toReplay)} ${view.toReplay === 1 ? 'case' : 'cases'}?`}
          description="In waves of 1, 2, 5, 20 and so on; live orders come first."
        >
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <input type="hidden" name="intent" value="start" />
            <p>
              A wave in which too many fail again pauses the run. It also waits while a system on the way is not well,
              and it goes on by itself after a restart.
            </p>
            <Field
              label="Replays a second, at most"
              name="rate"
              type="number"
              min={0.1}
              max={200}
              step={0.1}
              defaultValue={10}
              autoFocus
            />
            {refused !== undefined && <Notice kind="bad">{refused}</Notice>}
            <DialogButtons leave="Not yet" onLeave={() => setAsking(undefined)} confirm="Replay" busy={busy} />
          </fetcher.Form>
        </Dialog>
      )}
      {asking === 'abort' && (
        <Dialog
          open
          onOpenChange={(open) => (open ? undefined : setAsking(undefined))}
          title="Abort this repair?"
          description="What is under way comes to its end; the other cases are left as they were."
        >
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <input type="hidden" name="intent" value="abort" />
            <TextArea label="Reason" name="reason" required autoFocus maxLength={1_000} />
            {refused !== undefined && <Notice kind="bad">{refused}</Notice>}
            <DialogButtons
              leave="Let it go on"
              onLeave={() => setAsking(undefined)}
              confirm="Abort"
              danger
              busy={busy}
            />
          </fetcher.Form>
        </Dialog>
      )}
    </>
  );
}
