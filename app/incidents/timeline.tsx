import { Link, useFetcher } from '@remix-run/react';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { Instant, RelativeTime } from '#app/components/values.tsx';
import type { IncidentResult } from '#app/commands/incident.ts';
import type { IncidentEntry, IncidentView } from '#app/presenters/incident-page.ts';
import { Account, EndFigures } from './account.tsx';
import { incidentPath } from './paths.ts';
import { useDraft } from './use-draft.ts';

/** What happened and who did what, the latest first, with room for the next update. */
export function Timeline({ view }: { view: IncidentView }) {
  return (
    <Panel title="Timeline" note="the latest first">
      {view.may.update && <UpdateForm view={view} />}
      <ol className="flex flex-col">
        {view.timeline.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </Panel>
  );
}

function Entry({ entry }: { entry: IncidentEntry }) {
  return (
    <li className="grid gap-x-3 border-t border-line py-2 first:border-t-0 sm:grid-cols-[132px_minmax(0,1fr)]">
      <span className="text-label leading-5 text-muted">
        <RelativeTime at={entry.at} />
        <span className="sm:hidden"> · </span>
        <span className="sm:block">
          <Instant at={entry.at} />
        </span>
      </span>
      <div className="min-w-0">
        <p className="break-words text-muted">
          <span className="font-medium text-text">{entry.by}</span> {entry.did}
          {entry.link !== undefined && (
            <>
              {' '}
              <Link to={entry.link.path} className="text-accent underline">
                {entry.link.words}
              </Link>
            </>
          )}
          {entry.change !== '' && <span className="text-text"> {entry.change}</span>}
        </p>
        {entry.ending !== undefined ? (
          <div className="mt-1">
            <Account ending={entry.ending} />
            <EndFigures ending={entry.ending} />
          </div>
        ) : (
          entry.text !== '' && <p className="mt-0.5 max-w-prose break-words whitespace-pre-wrap">{entry.text}</p>
        )}
      </div>
    </li>
  );
}

/**
 * The next update. It is decided on the incident as it stood when the first word was written: whoever was overtaken by a
 * colleague is told, keeps the text, and sends it again having seen what is new.
 */
function UpdateForm({ view }: { view: IncidentView }) {
  const fetcher = useFetcher<IncidentResult>({ key: `update:${view.id}` });
  const [revision, setRevision] = useState(view.revision);
  const [text, setText] = useDraft(fetcher, 'text', () => setRevision(view.revision));
  const { state, data } = fetcher;
  const overtaken = state === 'idle' && data?.second === true;
  const write = (next: string) => {
    if (text === '' || overtaken) setRevision(view.revision);
    setText(next);
  };
  return (
    <fetcher.Form method="post" action={incidentPath(view.id)} className="mb-3 flex flex-col gap-2">
      <input type="hidden" name="intent" value="update" />
      <input type="hidden" name="revision" value={overtaken ? view.revision : revision} />
      <TextArea
        label="Update for everybody"
        name="text"
        rows={2}
        required
        maxLength={4000}
        value={text}
        onChange={(event) => write(event.target.value)}
        placeholder="What is known now, what is being done, when the next update comes."
      />
      {state === 'idle' && data?.ok === false && (
        <Notice kind={data.second ? 'warn' : 'bad'} {...(data.second && { title: 'Somebody was first' })}>
          {data.message}
        </Notice>
      )}
      <Button type="submit" look="secondary" busy={state !== 'idle'} className="self-end">
        Add update
      </Button>
    </fetcher.Form>
  );
}
