import { useLocation, useNavigate } from '@remix-run/react';
import { Chips } from '#app/components/chips.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { inputClass } from '#app/components/field.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import type { TransactionsView } from '#app/presenters/transactions.ts';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { CommonPanel } from './common-panel.tsx';
import { ComparePanel } from './compare-panel.tsx';
import { FacetPanel } from './facet-panel.tsx';
import { FunnelPanel } from './funnel-panel.tsx';
import { Histogram } from './histogram.tsx';
import { LatencyPanel } from './latency-panel.tsx';
import { ShowNav } from './show-nav.tsx';
import { TransactionTable } from './transaction-table.tsx';

/** Any flow's transactions: what tells them apart, when they happened, how long they took, how far they came. */
export function TransactionsPage({ view }: { view: TransactionsView }) {
  const { search } = useLocation();
  const { many } = view.words;
  return (
    <Page
      title="Transactions"
      lead={`${formatNumber(view.total)} ${many} that happened in ${view.within}`}
      actions={
        <>
          <ViewsMenu list="transactions" />
          <CsvLink to={`/transactions/export.csv${search}`} />
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <FlowMenu view={view} />
        <FindBox label="Find transactions" placeholder="Beginning of its number…" />
      </div>
      <Chips chips={view.chips} />
      <div className="grid gap-4 lg:grid-cols-[232px_minmax(0,1fr)]">
        <aside aria-label="Filters" className="max-lg:hidden">
          <FacetPanel facets={view.facets} />
        </aside>
        <details className="rounded border border-line bg-raised p-3 lg:hidden">
          <summary className="cursor-pointer font-medium">Filters</summary>
          <div className="mt-3">
            <FacetPanel facets={view.facets} />
          </div>
        </details>
        <div className="flex min-w-0 flex-col gap-4">
          <Histogram bars={view.bars} many={many} />
          <ShowNav show={view.show} />
          <Shown view={view} />
        </div>
      </div>
    </Page>
  );
}

function Shown({ view }: { view: TransactionsView }) {
  const { many } = view.words;
  switch (view.show) {
    case 'list':
      return <TransactionTable view={view} />;
    case 'latency':
      return <LatencyPanel latency={view.latency} many={many} />;
    case 'common':
      return view.common && <CommonPanel common={view.common} many={many} spanned={view.latency.span !== undefined} />;
    case 'funnel':
      return view.funnel && <FunnelPanel funnel={view.funnel} many={many} />;
    case 'compare':
      return <ComparePanel comparison={view.comparison} window={view.window} />;
  }
}

function FlowMenu({ view }: { view: TransactionsView }) {
  const navigate = useNavigate();
  return (
    <select
      aria-label="Flow"
      className={`${inputClass} w-auto! max-sm:flex-1`}
      value={view.flow}
      onChange={(event) => {
        const to = view.flows.find(({ id }) => id === event.target.value);
        if (to) navigate(to.path);
      }}
    >
      {view.flows.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}
