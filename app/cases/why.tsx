import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import type { CaseView } from '#app/presenters/case-page.ts';

/** Left column: why it stopped, in words a support agent uses, with the way to the field. */
export function Why({ view, onShow }: { view: CaseView; onShow: ((index: number) => void) | undefined }) {
  const { causes } = view;
  const title = view.open
    ? `Why it stopped${causes.length > 1 ? ` (${causes.length} reasons)` : ''}`
    : 'Why it had stopped';
  return (
    <Panel title={title} note={view.timesFailed > 1 ? `failed ${view.timesFailed} times` : undefined}>
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
