import type { FetcherWithComponents } from '@remix-run/react';
import { useId } from 'react';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { CauseResult } from '#app/commands/cause.ts';
import type { Standing } from '#app/presenters/causes-now.ts';
import { MuteFields } from './mute-fields.tsx';
import { causePath } from './paths.ts';

/** Changes that need more than a click. */
export type Question = 'own' | 'note' | 'runbook' | 'hold' | 'mute';

const questions: Record<Question, { title: string; text: string; confirm: string }> = {
  own: {
    title: 'Who sees to this cause?',
    text: 'The owner is shown on the cause and on each of its cases. Leave it empty for nobody.',
    confirm: 'Assign the owner',
  },
  note: {
    title: 'Note on this cause',
    text: 'What is known and what is being done about it. Whoever opens one of its cases reads this first.',
    confirm: 'Keep the note',
  },
  runbook: {
    title: 'Runbook of this cause',
    text: 'Where the way to cure it is written down. It is shown before our own runbook.',
    confirm: 'Keep the address',
  },
  hold: {
    title: 'Put this cause on hold?',
    text: 'Its cases are not replayed together until it is released. One alone can still be replayed; a notice says why to wait.',
    confirm: 'Put on hold',
  },
  mute: {
    title: 'Mute this cause?',
    text: 'The cause and its cases leave the lists until then and come back by themselves. Nothing else changes: they stay open and counted.',
    confirm: 'Mute',
  },
};

interface CauseDialogProps {
  asking: Question;
  standing: Standing;
  /** "The tax code “TX-9” is not mapped" */
  cause: string;
  /** Colleagues who may be meant. */
  owners: readonly string[];
  fetcher: FetcherWithComponents<CauseResult>;
  /** What became of the latest attempt in this dialog. */
  result: CauseResult | undefined;
  onLeave: () => void;
}

export function CauseDialog({ asking, standing, cause, owners, fetcher, result, onLeave }: CauseDialogProps) {
  const { title, text, confirm } = questions[asking];
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onLeave())} title={title} description={cause}>
      <fetcher.Form method="post" action={causePath(standing.fingerprint)} className="flex flex-col gap-3">
        <p>{text}</p>
        <input type="hidden" name="intent" value={asking} />
        <input type="hidden" name="revision" value={standing.revision} />
        <Fields asking={asking} standing={standing} owners={owners} />
        <CauseNotice result={result} standing={standing} />
        <DialogButtons leave="Leave it as it is" onLeave={onLeave} confirm={confirm} busy={fetcher.state !== 'idle'} />
      </fetcher.Form>
    </Dialog>
  );
}

function Fields({ asking, standing, owners }: Pick<CauseDialogProps, 'asking' | 'standing' | 'owners'>) {
  const list = useId();
  switch (asking) {
    case 'own':
      return (
        <>
          <Field
            label="E-mail address of the owner"
            name="owner"
            type="email"
            list={list}
            defaultValue={standing.owner}
            maxLength={200}
            autoComplete="off"
            autoFocus
          />
          <datalist id={list}>
            {owners.map((owner) => (
              <option key={owner} value={owner} />
            ))}
          </datalist>
        </>
      );
    case 'note':
      return <TextArea label="Note" name="note" rows={7} defaultValue={standing.note} maxLength={4000} autoFocus />;
    case 'runbook':
      return (
        <Field
          label="Address, beginning with https:// or http://"
          name="runbook_url"
          type="url"
          pattern="https?://.+"
          defaultValue={standing.runbookUrl}
          maxLength={2000}
          autoComplete="off"
          autoFocus
        />
      );
    case 'hold':
      return <TextArea label="Reason" name="reason" required maxLength={1000} autoFocus />;
    case 'mute':
      return (
        <>
          <MuteFields />
          <TextArea label="Reason" name="reason" required maxLength={1000} rows={2} />
        </>
      );
  }
}

/** Why a change was not made. Who came second learns who was first, with what, and what is there now. */
export function CauseNotice({ result, standing }: { result: CauseResult | undefined; standing: Standing }) {
  if (result === undefined || result.ok) return null;
  if (!result.second) return <Notice kind="bad">{result.message}</Notice>;
  return (
    <Notice kind="warn" title="Somebody was first">
      {result.message} What you wrote is still here.
      {result.intent === 'note' && standing.note !== '' && (
        <blockquote className="mt-1 max-h-32 overflow-auto border-l-2 border-line-strong pl-2 whitespace-pre-wrap">
          {standing.note}
        </blockquote>
      )}
    </Notice>
  );
}
