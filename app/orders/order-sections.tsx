import { Link } from '@remix-run/react';
import { Identifier } from '#app/components/identifier.tsx';
import { Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Instant, Money, RelativeTime } from '#app/components/values.tsx';
import { caseStatusWords } from '#app/words/cases.ts';
import { documentName, postingState } from '#app/words/postings.ts';
import type { presentOrder } from '#app/presenters/order-detail.ts';
import { casePath } from './paths.ts';

type OrderView = Awaited<ReturnType<typeof presentOrder>>;

export function Postings({ postings }: { postings: OrderView['postings'] }) {
  return (
    <Panel title="Postings" note={`${postings.length}`}>
      {postings.length === 0 && <p className="text-muted">Nothing has been posted for this order yet.</p>}
      <ul className="flex flex-col gap-2">
        {postings.map((posting) => (
          <li key={posting.posting_key}>
            <div className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{documentName(posting.document)}</span>
              <span className="text-muted">{posting.system}</span>
              <StatusMark {...postingState(posting.state)} />
              <span className="ml-auto">
                <Money amount={posting.amount} currency={posting.currency} />
              </span>
            </div>
            <div className="flex flex-wrap items-baseline gap-x-3 text-label text-muted">
              <Identifier value={posting.document_number} />
              {posting.attempts > 1 && <span>{posting.attempts} attempts</span>}
              {posting.posted_at !== '' && (
                <span className="ml-auto">
                  <Instant at={posting.posted_at} />
                </span>
              )}
            </div>
            {posting.error_message !== '' && posting.state !== 'posted' && (
              <p className="text-bad">{posting.error_message}</p>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function Reservations({ reservations }: { reservations: OrderView['reservations'] }) {
  return (
    <Panel title="Stock reservations" note={`${reservations.length}`}>
      {reservations.length === 0 && <p className="text-muted">No stock has been set aside yet.</p>}
      <ul className="flex flex-col gap-1">
        {reservations.map((one) => (
          <li key={`${one.at}${one.word}`} className="flex flex-wrap items-baseline gap-x-3">
            <StatusMark
              condition={one.condition}
              word={one.units === '' ? one.word : `${one.units} ${one.units === '1' ? 'unit' : 'units'} ${one.word}`}
            />
            <span>{one.location}</span>
            <span className="ml-auto text-label text-muted">
              <Instant at={one.at} />
            </span>
            {one.message !== '' && <span className="basis-full text-muted">{one.message}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function OrderCases({ cases }: { cases: OrderView['cases'] }) {
  return (
    <Panel title="Cases" note={`${cases.length}`}>
      {cases.length === 0 && <p className="text-muted">Nothing of this order ever stopped.</p>}
      <ul className="flex flex-col gap-2">
        {cases.map((one) => {
          const { word, condition } = caseStatusWords(one.status);
          return (
            <li key={one.case_id}>
              <div className="flex flex-wrap items-baseline gap-x-3">
                <Link to={casePath(one.case_id)} className="font-medium hover:text-accent">
                  {one.step}
                </Link>
                <StatusMark condition={condition} word={word} />
                <span className="ml-auto text-label text-muted">
                  <RelativeTime at={one.opened_at} />
                </span>
              </div>
              <p className="text-muted">{one.outcome || one.error_message}</p>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

export function References({ references, links }: Pick<OrderView, 'references' | 'links'>) {
  const kinds = [...new Set(references.map((item) => item.name))];
  return (
    <Panel title="Numbers">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        {kinds.map((kind) => (
          <div key={kind} className="contents">
            <dt className="text-muted">{kind}</dt>
            <dd className="flex min-w-0 flex-wrap gap-x-3">
              {references
                .filter((item) => item.name === kind)
                .map((item) => (
                  <Identifier key={item.value} value={item.value} longest={30} />
                ))}
            </dd>
          </div>
        ))}
      </dl>
      {links.map((link) => (
        <a
          key={link.href}
          href={link.href}
          target="_blank"
          rel="noreferrer"
          className="mt-2 block text-accent hover:underline"
        >
          Open in {link.system}
        </a>
      ))}
    </Panel>
  );
}

/** What an order that is over has not reached is not waited for: it was not needed, or never came. */
export function Latencies({ latencies, open }: Pick<OrderView, 'latencies' | 'open'>) {
  return (
    <Panel title="Latencies">
      <dl className="grid grid-cols-[1fr_max-content] gap-x-3 gap-y-1">
        {latencies.map(({ name, note, ms }) => (
          <div key={name} className="contents">
            <dt>
              {name} <span className="text-label text-muted">{note}</span>
            </dt>
            <dd className="text-right">
              {ms === null ? <span className="text-muted">{open ? 'waits' : '–'}</span> : <Duration ms={ms} />}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

export function NoPayloads() {
  return (
    <StateNotice kind="info" title="Payloads are not shown to your role">
      An administrator can give you a role that sees them.
    </StateNotice>
  );
}
