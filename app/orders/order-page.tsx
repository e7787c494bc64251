import { Link } from '@remix-run/react';
import { useState } from 'react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant, Money, RelativeTime } from '#app/components/values.tsx';
import type { presentOrder } from '#app/presenters/order-detail.ts';
import type { BarRow } from '#app/waterfall/layout.ts';
import { Waterfall } from '#app/waterfall/waterfall.tsx';
import { systemName } from '#app/words/names.ts';
import { DocumentsView } from './documents-view.tsx';
import { LifecycleView } from './lifecycle-view.tsx';
import { OrderActions } from './order-actions.tsx';
import { Latencies, NoPayloads, OrderCases, Postings, References, Reservations } from './order-sections.tsx';
import { casePath } from './paths.ts';
import { OrderReturns } from './order-returns.tsx';
import { StepPanel } from './step-panel.tsx';

const toldByWords = {
  import: 'Its steps come from a file that was imported.',
  otlp: 'Its steps come as spans of the system that carries it.',
} as const;

/** One order told whole: where it stands, how it came there, what was sent for it, and what may be done. */
export function OrderPage({ order }: { order: Awaited<ReturnType<typeof presentOrder>> }) {
  const [bar, setBar] = useState<BarRow>();
  const { state } = order;
  const openCase = order.cases.find((one) => one.is_open);
  const documents = `/orders/${encodeURIComponent(order.key)}/documents`;
  return (
    <Page
      title={`Order ${order.number}`}
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <StatusMark condition={state.tone} word={state.word} />
          <span>{order.channel}</span>
          <Money amount={order.amount} currency={order.currency} className="text-text" />
          {order.deadline !== '' && <CountdownMark deadline={order.deadline} />}
        </span>
      }
      actions={
        order.may.control &&
        order.toldBy === undefined && (
          <OrderActions
            number={order.number}
            held={order.hold !== undefined}
            open={order.open}
            reroute={order.reroute}
          />
        )
      }
    >
      {order.hold && (
        <Notice kind="warn" title={`On hold by ${order.hold.by}`}>
          {order.hold.reason}
        </Notice>
      )}
      {order.toldBy !== undefined && (
        <Notice kind="info" title="Told of by another system">
          {toldByWords[order.toldBy]} Syncline shows it and does not carry it: what is to become of it is decided there.
        </Notice>
      )}
      {order.skipped !== undefined && (
        <Notice kind="info" title="Recorded and not processed">
          {order.skipped}
        </Notice>
      )}
      {order.trouble !== '' && (
        <Notice kind={openCase ? 'bad' : 'warn'} title={order.doing}>
          {order.trouble}{' '}
          {order.retryAt !== '' && (
            <>
              It is tried again <RelativeTime at={order.retryAt} />.{' '}
            </>
          )}
          {openCase && (
            <Link to={casePath(openCase.case_id)} className="font-medium text-accent hover:underline">
              Open the case
            </Link>
          )}
        </Notice>
      )}
      <Panel
        title="Lifecycle"
        note={
          <>
            by event time, placed <Instant at={order.placedAt} />
          </>
        }
      >
        <LifecycleView milestones={order.strip} />
      </Panel>
      <div className="grid gap-4 lg:grid-cols-[1fr_320px]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="What happened, system by system" note={order.events} flush>
            <Waterfall events={order.steps} names={order.names} selected={bar?.id} onSelect={setBar} />
          </Panel>
          <Panel title="Payloads">
            {order.may.payloads ? (
              <DocumentsView
                path={documents}
                mayReveal={order.may.reveal}
                version={String(order.steps.at(-1)?.ordinal ?? 0)}
              />
            ) : (
              <NoPayloads />
            )}
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="What to tell the customer">
            <p>“{order.customer.say}”</p>
            {order.customer.aside !== '' && <p className="mt-1 text-muted">{order.customer.aside}</p>}
          </Panel>
          <OrderCases cases={order.cases} />
          <OrderReturns returns={order.returns} />
          <Postings postings={order.postings} />
          <Reservations reservations={order.reservations} />
          <Latencies latencies={order.latencies} open={order.open} />
          <References references={order.references} links={order.links} />
          <p className="text-label text-muted">
            {order.entity}, {order.tier || 'no tier'}, {order.origin}. Trace <Identifier value={order.traceId} />
          </p>
        </div>
      </div>
      <StepPanel
        bar={bar}
        systemName={bar ? systemName(order.names, bar.system) : ''}
        documents={order.may.payloads ? documents : ''}
        onClose={() => setBar(undefined)}
      />
    </Page>
  );
}
