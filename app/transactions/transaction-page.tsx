import { Link } from '@remix-run/react';
import { useState } from 'react';
import { CountdownMark } from '#app/components/countdown.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant, Money, RelativeTime } from '#app/components/values.tsx';
import { StepPanel } from '#app/orders/step-panel.tsx';
import type { TransactionView } from '#app/presenters/transaction-page.ts';
import type { BarRow } from '#app/waterfall/layout.ts';
import { Waterfall } from '#app/waterfall/waterfall.tsx';
import { systemName } from '#app/words/names.ts';

/** One transaction of any flow: where it stands, and how it came there, step by step. */
export function TransactionPage({ view }: { view: TransactionView }) {
  const [bar, setBar] = useState<BarRow>();
  return (
    <Page
      title={view.title}
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <StatusMark condition={view.condition} word={view.word} />
          {view.amount !== '' && <Money amount={view.amount} currency={view.currency} className="text-text" />}
          {view.deadline !== '' && <CountdownMark deadline={view.deadline} />}
          <Link to={view.hours} className="hover:text-accent">
            all {view.many} of its hours
          </Link>
        </span>
      }
    >
      {view.trouble !== '' && (
        <Notice kind={view.casePath === '' ? 'warn' : 'bad'} title={view.doing}>
          {view.trouble}{' '}
          {view.retryAt !== '' && (
            <>
              It is tried again <RelativeTime at={view.retryAt} />.{' '}
            </>
          )}
          {view.casePath !== '' && (
            <Link to={view.casePath} className="font-medium text-accent hover:underline">
              Open the case
            </Link>
          )}
        </Notice>
      )}
      <div className="grid gap-4 lg:grid-cols-[1fr_320px]">
        <Panel title="What happened, system by system" note={view.events} flush>
          <Waterfall events={view.steps} names={view.names} selected={bar?.id} onSelect={setBar} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="About it">
            <Facts
              facts={[
                ['Happened', <Instant key="happened" at={view.times.happened} />],
                ['First step', <Instant key="began" at={view.times.began} />],
                ['Last step', <Instant key="last" at={view.times.last} />],
                ...view.facts.map(({ name, value }) => [name, value] as const),
                ['Key', <Identifier key="key" value={view.key} longest={26} />],
                ['Trace', <Identifier key="trace" value={view.traceId} />],
              ]}
            />
          </Panel>
        </div>
      </div>
      <StepPanel
        bar={bar}
        systemName={bar ? systemName(view.names, bar.system) : ''}
        documents=""
        onClose={() => setBar(undefined)}
      />
    </Page>
  );
}
