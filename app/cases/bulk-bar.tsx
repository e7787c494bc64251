import { Link, useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { formatNumber } from '#app/format.ts';
import { casePath } from '#app/orders/paths.ts';
import type { MappingChoices } from '#app/repairs/mapping-fields.tsx';
import { type RepairDraft, RepairForm } from '#app/repairs/repair-form.tsx';
import { type BulkIntent, bulkLimit, type BulkResult, bulkWords, noteLimit } from './bulk.ts';
import { MentionField } from './mention-field.tsx';
import type { CaseSelection } from './use-selection.ts';

type Question = 'hold' | 'comment' | 'tag' | 'discard';

const asItIs: RepairDraft = { kind: 'none', operations: [], missing: undefined, reason: '' };

const questions: Record<Question, { title: string; text: string; label: string; confirm: string; required: boolean }> =
  {
    hold: {
      title: 'Put these cases on hold?',
      text: 'Nobody can replay them until they are released.',
      label: 'Reason (optional)',
      confirm: 'Put on hold',
      required: false,
    },
    comment: {
      title: 'Comment on these cases',
      text: 'The comment is written on the timeline of each.',
      label: 'Comment',
      confirm: 'Write it down',
      required: true,
    },
    tag: {
      title: 'Tag these cases',
      text: 'A word to find them by, in small letters, such as tax-office.',
      label: 'Tag',
      confirm: 'Tag them',
      required: true,
    },
    discard: {
      title: 'Discard these cases?',
      text: 'Their orders stay where they stopped. Each case can be restored later.',
      label: 'Reason',
      confirm: 'Discard these cases',
      required: true,
    },
  };

/** What can be done to the selected cases at once, and what became of each. */
export function BulkBar({
  selection,
  total,
  may,
  choices,
  viewerId,
}: {
  selection: CaseSelection;
  /** Cases the filters leave. */
  total: number;
  may: { work: boolean; discard: boolean; replay: boolean };
  /** Kinds and systems of a mapping to choose from. */
  choices: MappingChoices | undefined;
  viewerId: string;
}) {
  const fetcher = useFetcher<BulkResult>();
  const [asking, setAsking] = useState<Question>();
  const [repairing, setRepairing] = useState(false);
  const busy = fetcher.state !== 'idle';
  const result = busy ? undefined : fetcher.data;
  const count = selection.cases.size;
  const { clear } = selection;
  useEffect(() => {
    if (fetcher.state !== 'idle' || fetcher.data === undefined || fetcher.data.problem !== undefined) return;
    setAsking(undefined);
    clear();
    // `clear` is new with every render; what has been answered is what counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [fetcher.state, fetcher.data]);
  const cases = JSON.stringify([...selection.cases].map(([id, revision]) => ({ id, revision })));
  const send = (intent: BulkIntent, more: Record<string, string> = {}) =>
    fetcher.submit({ intent, cases, ...more }, { method: 'post' });

  if (count === 0 && result === undefined) return null;
  return (
    <section aria-label="Selected cases" className="flex flex-col gap-2">
      {count > 0 && (
        <div className="flex flex-wrap items-center gap-2 rounded border border-accent bg-accent-soft px-3 py-2">
          <span className="font-medium">{formatNumber(count)} selected</span>
          {count < Math.min(total, bulkLimit) && (
            <Button look="quiet" busy={selection.fetching} onClick={selection.all}>
              Select all {formatNumber(Math.min(total, bulkLimit))}
            </Button>
          )}
          {selection.cut && (
            <span className="text-muted">the first {formatNumber(bulkLimit)}; narrow the filters for the others</span>
          )}
          <span className="ml-auto flex flex-wrap gap-2">
            {may.work && (
              <>
                <Button busy={busy} onClick={() => send('assign', { assignee: viewerId })}>
                  Assign to me
                </Button>
                <Button busy={busy} onClick={() => setAsking('hold')}>
                  Hold
                </Button>
                <Button busy={busy} onClick={() => send('release')}>
                  Release
                </Button>
                <Button busy={busy} onClick={() => setAsking('comment')}>
                  Comment
                </Button>
                <Button busy={busy} onClick={() => setAsking('tag')}>
                  Tag
                </Button>
              </>
            )}
            {may.replay && (
              <Button busy={busy} onClick={() => setRepairing(true)}>
                Repair
              </Button>
            )}
            {may.discard && (
              <Button look="danger" busy={busy} onClick={() => setAsking('discard')}>
                Discard
              </Button>
            )}
            <Button look="quiet" onClick={selection.clear}>
              Clear
            </Button>
          </span>
        </div>
      )}
      {asking === undefined && result !== undefined && <Outcome result={result} />}
      {repairing && (
        <Dialog
          open
          onOpenChange={setRepairing}
          title="Repair these cases"
          description={`${formatNumber(count)} selected`}
          wide
        >
          <RepairForm target={{ cases: [...selection.cases.keys()] }} choices={choices} draft={asItIs} />
        </Dialog>
      )}
      {asking && (
        <Dialog
          open
          onOpenChange={(open) => (open ? undefined : setAsking(undefined))}
          title={questions[asking].title}
          description={`${formatNumber(count)} selected`}
        >
          <fetcher.Form method="post" className="flex flex-col gap-3">
            <p>{questions[asking].text}</p>
            <input type="hidden" name="intent" value={asking} />
            <input type="hidden" name="cases" value={cases} />
            {asking === 'tag' ? (
              <Field label={questions.tag.label} name="note" required maxLength={60} autoFocus autoComplete="off" />
            ) : asking === 'comment' ? (
              <MentionField autoFocus />
            ) : (
              <TextArea
                label={questions[asking].label}
                name="note"
                required={questions[asking].required}
                maxLength={noteLimit(asking)}
              />
            )}
            {result?.problem !== undefined && <Notice kind="bad">{result.problem}</Notice>}
            <DialogButtons
              leave="Leave them as they are"
              onLeave={() => setAsking(undefined)}
              confirm={questions[asking].confirm}
              danger={asking === 'discard'}
              busy={busy}
            />
          </fetcher.Form>
        </Dialog>
      )}
    </section>
  );
}

function Outcome({ result }: { result: BulkResult }) {
  const kind = result.problem !== undefined ? 'bad' : result.refused.length > 0 ? 'warn' : 'good';
  return (
    <Notice kind={kind}>
      {result.problem ?? bulkWords(result)}
      {result.refused.length > 0 && (
        <ul className="mt-1 max-h-40 overflow-auto">
          {result.refused.map(({ id, message }) => (
            <li key={id}>
              <Link to={casePath(id)} className="font-mono text-[12px] underline">
                {id}
              </Link>{' '}
              {message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
