import { Link, useFetcher } from '@remix-run/react';
import { Button, buttonClass } from '#app/components/button.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Instant } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RejectedEventView } from '#app/presenters/rejected-event.ts';
import { rejectedPath } from './paths.ts';

const none = <span className="text-muted">–</span>;

/** One rejected event: why, from whom, where it stands in its stream, and what to do about it. */
export function RejectedEventPage({ event }: { event: RejectedEventView }) {
  return (
    <Page
      title="A rejected event"
      lead={event.stream}
      actions={
        <Link to={rejectedPath} className={buttonClass('quiet')}>
          All of them
        </Link>
      }
    >
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title="Why, and what to do">
          <Facts
            facts={[
              [
                'Field',
                <span key="field" className="font-mono text-[12px]">
                  {event.field}
                </span>,
              ],
              ['Reason', event.reason],
              ['What to do', event.remedy],
            ]}
          />
        </Panel>
        <Panel title="Where it came from">
          <Facts
            facts={[
              [
                'Producer',
                event.producer === '' ? none : <Identifier key="producer" value={event.producer} longest={48} />,
              ],
              [
                'Subject',
                event.subject === '' ? none : <Identifier key="subject" value={event.subject} longest={48} />,
              ],
              ['Transaction', event.transaction ? <TransactionLink key="transaction" {...event.transaction} /> : none],
              ['Position in the stream', event.position === undefined ? none : formatNumber(event.position)],
              ['Arrived', <Instant key="arrived" at={event.arrivedAt} />],
              ['Rejected', <Instant key="rejected" at={event.landedAt} />],
            ]}
          />
        </Panel>
      </div>
      <Body event={event} />
    </Page>
  );
}

/** What of the transaction was counted; it may be nothing. */
function TransactionLink({ path, name }: { path: string; name: string }) {
  return (
    <Link to={path} prefetch="intent" className="font-mono text-[12px] text-accent hover:underline">
      {name}
    </Link>
  );
}

function Body({ event }: { event: RejectedEventView }) {
  const revealed = useFetcher<{ text: string }>();
  if (event.body === undefined)
    return (
      <Panel title="As it arrived">
        <StateNotice kind="empty" title="Its text is not shown">
          It was not kept, or your role may not see payloads.
        </StateNotice>
      </Panel>
    );
  const text = revealed.data?.text ?? event.body.text;
  return (
    <Panel
      title="As it arrived"
      note={
        event.body.hidden > 0 && revealed.data === undefined
          ? 'names, e-mail addresses, phones and street lines are hidden'
          : undefined
      }
      actions={
        event.mayReveal && revealed.data === undefined ? (
          <revealed.Form method="post">
            <Button type="submit" busy={revealed.state !== 'idle'}>
              Show them (recorded in the audit)
            </Button>
          </revealed.Form>
        ) : undefined
      }
    >
      {/* Scrolled by the arrow keys too. */}
      <pre
        role="group"
        tabIndex={0}
        aria-label="Text of the event"
        className="max-h-[420px] overflow-auto font-mono text-[12px] break-words whitespace-pre-wrap"
      >
        {text}
      </pre>
    </Panel>
  );
}
