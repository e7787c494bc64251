import { useFetcher } from '@remix-run/react';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '#app/components/button.tsx';
import { inputClass } from '#app/components/field.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { ResultNotice } from './result-notice.tsx';

/** Words to sort cases by, each taken off by a click, and a new one to add. */
export function CaseTags({ view }: { view: Pick<CaseView, 'caseId' | 'tags' | 'revision' | 'open' | 'may'> }) {
  const fetcher = useFetcher<CaseResult>();
  const form = useRef<HTMLFormElement>(null);
  const busy = fetcher.state !== 'idle';
  const revision = String(view.revision);
  const editable = view.open && view.may.work;
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) form.current?.reset();
  }, [fetcher.state, fetcher.data]);
  if (!editable && view.tags.length === 0) return null;
  return (
    <div className="mt-3 flex flex-col gap-2">
      {view.tags.length > 0 && (
        <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
          {view.tags.map((tag) => (
            <li key={tag} className="inline-flex h-7 items-center gap-1 rounded border border-line-strong px-2">
              {tag}
              {editable && (
                <button
                  type="button"
                  aria-label={`Take off the tag ${tag}`}
                  disabled={busy}
                  onClick={() => fetcher.submit({ intent: 'tag', revision, remove: tag }, { method: 'post' })}
                  className="-mr-1 rounded p-0.5 text-muted hover:text-bad"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {editable && (
        <fetcher.Form ref={form} method="post" className="flex gap-2">
          <input type="hidden" name="intent" value="tag" />
          <input type="hidden" name="revision" value={revision} />
          <input
            name="add"
            aria-label="Tag"
            placeholder="Tag, such as tax-office"
            required
            maxLength={60}
            autoComplete="off"
            className={inputClass}
          />
          <Button type="submit" busy={busy}>
            Add tag
          </Button>
        </fetcher.Form>
      )}
      <ResultNotice result={busy ? undefined : fetcher.data} quiet={['tag']} />
    </div>
  );
}
