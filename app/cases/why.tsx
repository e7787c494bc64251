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
      <AboutCause view={view} />
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
            <RunbookOf problem={view.problems[index]} />
            {cause.where !== '' && onShow && (
              <Button look="quiet" className="-ml-3 self-start" onClick={() => onShow(index)}>
                Show it in the payload
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function RunbookOf({ problem }: { problem: CaseView['problems'][number] | undefined }) {
  if (problem === undefined) return null;
  return (
    <Link to={runbookPath(problem.error_class)} className="self-start text-accent hover:underline">
      {`Runbook: ${runbooks[problem.error_class].title.toLowerCase()}`}
    </Link>
  );
}

/** What people decided about the cause as a whole, before what can be done about this one case. */
function AboutCause({ view: { cause, open } }: { view: CaseView }) {
  const { hold, note, owner, runbookUrl } = cause;
  return (
    <div className="mb-3 flex flex-col gap-2 border-b border-line pb-3">
      {hold && open && (
        <Notice kind="warn" title="This cause is on hold">
          {hold.reason} <span className="text-muted">By {hold.by}, </span>
          <RelativeTime at={hold.at} className="text-muted" />. This one case can still be replayed by itself.
        </Notice>
      )}
      {note !== '' && <p className="break-words whitespace-pre-wrap">{note}</p>}
      <p className="flex flex-wrap items-baseline gap-x-3">
        {runbookUrl !== '' && <RunbookLink url={runbookUrl}>Runbook of this cause</RunbookLink>}
        <Link to={causePath(cause.fingerprint)} prefetch="intent" className="text-accent hover:underline">
          About this cause
        </Link>
        {owner !== '' && <span className="text-muted">{owner} sees to it</span>}
      </p>
    </div>
  );
}
