import { Link } from '@remix-run/react';
import { RunbookLink } from '#app/causes/cause-marks.tsx';
import { causePath } from '#app/causes/paths.ts';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { runbookPath, runbooks } from '#app/runbooks/runbooks.ts';
import type { CaseView } from '#app/presenters/case-page.ts';

/** Left column: why it stopped, in words a support agent uses, with the way to the field. */
export function Why({ view, onShow }: { view: CaseView; onShow: ((index: number) => void) | undefined }) {
  const { causes } = view;
  const title = view.open
    ? `Why it stopped${causes.length > 1 ? ` (${causes.length} reasons)` : ''}`
    : 'Why it had stopped';
  return (
    <Panel title={title} note={view.timesFailed > 1 ? `failed ${view.timesFailed} times` : undefined}>
      <DecidedOfCause view={view} />
      <ol className="flex flex-col gap-4">
        {causes.map((cause, index) => (
          <li key={`${cause.title}${cause.where}${index}`} className="flex flex-col gap-1">
            <p className="font-medium">
              <span aria-hidden className={view.open ? 'text-bad' : 'text-muted'}>
                ■{' '}
              </span>
              {cause.title}
            </p>
            <p>{cause.happened}</p>
            <p>
              <span className="text-muted">What to do: </span>
              {cause.remedy}
            </p>
            {cause.where !== '' && (
              <p className="text-muted">
                Field: <span className="font-mono text-[12px] break-words text-text">{cause.where}</span>
              </p>
            )}
            <Runbooks problem={view.problems[index]} ofCause={index === 0 ? view.cause.runbookUrl : ''} />
            {cause.where !== '' && onShow && (
              <Button look="quiet" className="-ml-3 self-start" onClick={() => onShow(index)}>
                Show it in the payload
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Link
        to={causePath(view.fingerprint)}
        prefetch="intent"
        className="mt-3 inline-block text-accent hover:underline max-sm:py-1"
      >
        About this cause
      </Link>
    </Panel>
  );
}

/** What is written down about the cause: that of this very cause first, then that of its class. */
function Runbooks({ problem, ofCause }: { problem: CaseView['problems'][number] | undefined; ofCause: string }) {
  return (
    <p className="flex flex-wrap gap-x-3">
      {ofCause !== '' && <RunbookLink url={ofCause}>Runbook of this cause</RunbookLink>}
      {problem && (
        <Link to={runbookPath(problem.error_class)} className="text-accent hover:underline">
          {`Runbook: ${runbooks[problem.error_class].title}`}
        </Link>
      )}
    </p>
  );
}

/** What people decided about the cause as a whole, before what can be done about this one case. */
function DecidedOfCause({ view: { cause, open } }: { view: CaseView }) {
  const { hold, note, owner } = cause;
  if (note === '' && owner === '' && !(hold && open)) return null;
  return (
    <div className="mb-3 flex flex-col gap-2 border-b border-line pb-3">
      {hold && open && (
        <Notice kind="warn" title="This cause is on hold">
          {hold.reason}
          <span className="block text-muted">
            {hold.by}, <RelativeTime at={hold.at} />
          </span>
          This one case can still be replayed by itself.
        </Notice>
      )}
      {note !== '' && (
        <p className="break-words whitespace-pre-wrap">
          <span className="text-muted">Note: </span>
          {note}
        </p>
      )}
      {owner !== '' && (
        <p>
          <span className="text-muted">Owner of the cause: </span>
          {owner}
        </p>
      )}
    </div>
  );
}
