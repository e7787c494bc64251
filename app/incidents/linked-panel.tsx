import { Link, useFetcher } from '@remix-run/react';
import { X } from 'lucide-react';
import { useId } from 'react';
import { Button } from '#app/components/button.tsx';
import { Field } from '#app/components/field.tsx';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money } from '#app/components/values.tsx';
import type { IncidentResult } from '#app/commands/incident.ts';
import type { LinkView } from '#app/presenters/incident-links.ts';
import type { IncidentView } from '#app/presenters/incident-page.ts';
import { incidentPath } from './paths.ts';
import { useDraft } from './use-draft.ts';

/** What hangs together with the incident, each as it stands now, and the way to link more. */
export function LinkedPanel({ view }: { view: IncidentView }) {
  const mayLink = view.may.update && view.state === 'open';
  return (
    <Panel title="Linked" note="as it stands now">
      {view.links.length === 0 ? (
        <p className="text-muted">Nothing is linked. The figures count the cases of linked causes.</p>
      ) : (
        <ul className="flex flex-col">
          {view.links.map((link) => (
            <LinkLine key={link.id} view={view} link={link} mayUnlink={mayLink} />
          ))}
        </ul>
      )}
      <LinkForm view={view} offered={mayLink} />
    </Panel>
  );
}

function LinkLine({ view, link, mayUnlink }: { view: IncidentView; link: LinkView; mayUnlink: boolean }) {
  const fetcher = useFetcher<IncidentResult>({ key: `unlink:${view.id}:${link.id}` });
  const { state, data } = fetcher;
  return (
    <li className="flex items-start gap-2 border-t border-line py-2 first:border-t-0 first:pt-0">
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="text-muted">{link.kind} </span>
          <Link to={link.path} prefetch="intent" className="text-accent underline">
            {link.name}
          </Link>
        </p>
        <p className="flex flex-wrap gap-x-3 text-label leading-5 text-muted">
          {link.state !== undefined && <StatusMark {...link.state} />}
          <span>{link.note}</span>
          {link.value.amount !== '' && <Money {...link.value} whole className="text-text" />}
        </p>
        {state === 'idle' && data?.ok === false && <Notice kind="bad">{data.message}</Notice>}
      </div>
      {mayUnlink && (
        <fetcher.Form method="post" action={incidentPath(view.id)}>
          <input type="hidden" name="intent" value="unlink" />
          <input type="hidden" name="revision" value={view.revision} />
          <input type="hidden" name="link" value={link.id} />
          <Button
            type="submit"
            look="quiet"
            aria-label={`Take away the link to ${link.name}`}
            disabled={state !== 'idle'}
            className="h-7! w-7 px-0!"
          >
            <X aria-hidden className="size-4" />
          </Button>
        </fetcher.Form>
      )}
    </li>
  );
}

/** Links a page of the console by its address, or what the search finds by a number or a name. What is typed stays. */
function LinkForm({ view, offered }: { view: IncidentView; offered: boolean }) {
  const fetcher = useFetcher<IncidentResult>({ key: `link:${view.id}` });
  const [what, write] = useDraft(fetcher, 'what');
  const list = useId();
  const { state, data } = fetcher;
  if (!offered && what === '') return null;
  return (
    <fetcher.Form
      method="post"
      action={incidentPath(view.id)}
      className="mt-2 flex flex-col gap-2 border-t border-line pt-3"
    >
      <input type="hidden" name="intent" value="link" />
      <input type="hidden" name="revision" value={view.revision} />
      <div className="flex items-end gap-2">
        <Field
          label="Link more: a page’s address, an order’s number, a connector"
          name="what"
          required
          value={what}
          onChange={(event) => write(event.target.value)}
          maxLength={500}
          list={list}
          autoComplete="off"
          className="min-w-0 flex-1"
        />
        <Button type="submit" look="secondary" busy={state !== 'idle'} className="max-sm:h-10">
          Link
        </Button>
      </div>
      <datalist id={list}>
        {view.choices.systems.map(({ value, label }) => (
          <option key={value} value={`connector:${value}`}>
            {label}
          </option>
        ))}
      </datalist>
      {state === 'idle' && data?.ok === false && <Notice kind={data.second ? 'warn' : 'bad'}>{data.message}</Notice>}
    </fetcher.Form>
  );
}
