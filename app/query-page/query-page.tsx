import { Link, useSearchParams } from '@remix-run/react';
import { Link2, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { formatNumber } from '#app/format.ts';
import type { QueryView } from '#app/presenters/query.ts';
import { isLinkable, queryPath } from './paths.ts';
import { RunView } from './run-view.tsx';
import { SaveForm } from './save-form.tsx';
import { SavedQueries } from './saved-queries.tsx';
import { SchemaBrowser } from './schema-browser.tsx';
import { SqlEditor, type SqlHandle } from './sql-editor.tsx';
import { useRun } from './use-run.ts';

/** Read-only SQL over what was landed: editor, result, the tables there are, saved queries. */
export function QueryPage({ view }: { view: QueryView }) {
  const [search] = useSearchParams();
  const [sql, setSql] = useState(view.sql);
  const run = useRun();
  const editor = useRef<SqlHandle>(null);
  // Another saved query or example was chosen; a change of the time range leaves the text alone.
  useEffect(() => setSql(view.sql), [view.sql, view.chosen?.id]);
  const start = () => run.start(sql, search);
  const { limits } = view;
  const problem = run.now.state === 'refused' && run.sql === sql ? run.now : undefined;
  return (
    <Page title="Query" lead={`{from:DateTime64(3)} and {to:DateTime64(3)} are ${view.rangeWords}`}>
      {view.missing && (
        <Notice kind="warn" title="This saved query is not there">
          It was deleted, or whoever saved it does not share it.
        </Notice>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-3">
          <SqlEditor sql={sql} tables={view.tables} problem={problem} onChange={setSql} onRun={start} handle={editor} />
          <div className="flex flex-wrap items-center gap-2">
            <Button look="primary" onClick={start} aria-keyshortcuts="Control+Enter">
              <Play aria-hidden className="size-4" /> Run
            </Button>
            <SaveForm sql={sql} chosen={view.chosen} />
            <CopyLink path={isLinkable(sql) ? queryPath(search, { sql }) : undefined} />
            <span className="text-label text-muted">
              At most {limits.seconds} s, {formatNumber(limits.rowsRead / 1_000_000)} million rows read,{' '}
              {formatNumber(limits.rowsShown)} rows shown. Every run is recorded.
            </span>
          </div>
          <RunView run={run} view={view} />
        </div>
        <aside className="flex min-w-0 flex-col gap-4">
          <Panel title="Saved">
            <SavedQueries saved={view.saved} chosen={view.chosen?.id} />
          </Panel>
          <Panel title="Examples">
            <ul className="flex flex-col">
              {view.examples.map((example) => (
                <li key={example.name}>
                  <Link
                    to={queryPath(search, { sql: example.sql })}
                    className="block rounded px-2 py-1 hover:bg-hover max-sm:py-2"
                  >
                    {example.name}
                  </Link>
                </li>
              ))}
            </ul>
          </Panel>
          <Panel title="Tables" note="a click inserts">
            <SchemaBrowser tables={view.tables} onInsert={(name) => editor.current?.insert(name)} />
          </Panel>
        </aside>
      </div>
    </Page>
  );
}

/** Copies the address of this very text and time range. */
function CopyLink({ path }: { path: string | undefined }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      look="quiet"
      disabled={path === undefined}
      onClick={() => {
        if (path === undefined) return;
        void navigator.clipboard.writeText(`${location.origin}${path}`).then(() => setCopied(true));
      }}
      onBlur={() => setCopied(false)}
    >
      <Link2 aria-hidden className="size-4" />
      <span aria-live="polite">{copied ? 'Copied' : 'Copy link'}</span>
    </Button>
  );
}
