import { Link, useFetcher, useLocation } from '@remix-run/react';
import { Bookmark, ChevronDown, Trash2 } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { Button, buttonClass } from '#app/components/button.tsx';
import { Field } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { ViewsAnswer, ViewsResult } from '#app/routes/views.ts';
import type { OfferedView, SavableList } from './saved-view.ts';

/** The list's saved views, and saving what is on screen now as one. */
export function ViewsMenu({ list }: { list: SavableList }) {
  const [open, setOpen] = useState(false);
  const offered = useFetcher<ViewsAnswer>();
  const change = (next: boolean) => {
    setOpen(next);
    if (next) offered.load(`/views?list=${list}`);
  };
  const views = offered.data?.views;
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <Popover.Trigger className={buttonClass('secondary')}>
        <Bookmark aria-hidden className="size-4 text-muted" /> Views
        <ChevronDown aria-hidden className="size-3.5 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label="Views"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70vh] w-80 overflow-auto rounded border border-line-strong bg-raised p-2"
        >
          {views === undefined && <p className="px-2 py-1 text-muted">Loading…</p>}
          {views?.length === 0 && (
            <p className="px-2 py-1 text-muted">No saved views yet. Set filters, then save them here under a name.</p>
          )}
          <ul>
            {views?.map((view) => (
              <ViewRow key={view.id} view={view} list={list} onChosen={() => setOpen(false)} />
            ))}
          </ul>
          <SaveView list={list} onSaved={() => offered.load(`/views?list=${list}`)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ViewRow({ view, list, onChosen }: { view: OfferedView; list: SavableList; onChosen: () => void }) {
  const remove = useFetcher<ViewsResult>();
  const { search } = useLocation();
  const current = withoutPage(search) === view.search;
  // Gone at once; were it refused, the next look shows it again.
  if (remove.state !== 'idle' || remove.data?.ok === true) return null;
  return (
    <li className="flex items-center gap-1 rounded hover:bg-hover">
      <Link
        to={{ pathname: view.path, search: view.search }}
        onClick={onChosen}
        aria-current={current ? 'true' : undefined}
        className="flex min-h-8 min-w-0 flex-1 items-center gap-2 px-2 py-1 max-sm:min-h-10"
      >
        <span className={current ? 'truncate font-medium text-accent' : 'truncate'}>{view.name}</span>
        {view.shared && (
          <span className="ml-auto shrink-0 text-label text-muted">
            {view.mine ? 'shared' : `by ${view.ownerName}`}
          </span>
        )}
      </Link>
      {view.mine && (
        <button
          type="button"
          aria-label={`Delete the view ${view.name}`}
          onClick={() => remove.submit({ intent: 'remove', list, id: view.id }, { method: 'post', action: '/views' })}
          className="rounded p-1.5 text-muted hover:text-bad"
        >
          <Trash2 aria-hidden className="size-4" />
        </button>
      )}
    </li>
  );
}

function SaveView({ list, onSaved }: { list: SavableList; onSaved: () => void }) {
  const fetcher = useFetcher<ViewsResult>();
  const form = useRef<HTMLFormElement>(null);
  const { search } = useLocation();
  const saved = useRef(onSaved);
  useEffect(() => {
    saved.current = onSaved;
  });
  useEffect(() => {
    if (fetcher.state !== 'idle' || fetcher.data?.ok !== true) return;
    form.current?.reset();
    saved.current();
  }, [fetcher.state, fetcher.data]);
  return (
    <fetcher.Form
      ref={form}
      method="post"
      action="/views"
      className="mt-2 flex flex-col gap-2 border-t border-line px-2 pt-2"
    >
      <input type="hidden" name="intent" value="save" />
      <input type="hidden" name="list" value={list} />
      <input type="hidden" name="search" value={withoutPage(search)} />
      <Field label="Save what is shown now as" name="name" required maxLength={80} autoComplete="off" />
      <label className="flex items-center gap-2">
        <input type="checkbox" name="shared" value="yes" /> Share it with everybody
      </label>
      {fetcher.data?.ok === false && fetcher.state === 'idle' && <Notice kind="bad">{fetcher.data.message}</Notice>}
      <Button type="submit" className="self-start" busy={fetcher.state !== 'idle'}>
        Save this view
      </Button>
    </fetcher.Form>
  );
}

function withoutPage(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('page');
  return params.toString();
}
