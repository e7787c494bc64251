import { Link } from '@remix-run/react';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice, StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Instant } from '#app/components/values.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import { percent } from '#app/presenters/live-tiles.ts';
import type { GroupLine, ReconciliationRunView } from '#app/presenters/reconciliation-run.ts';
import { Figure } from './figure.tsx';
import { reconciliationPath } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns: readonly TableColumn<GroupLine>[] = [
  { id: 'subject', header: 'What', fixed: true, cell: (group) => group.subject },
  { id: 'system', header: 'Other side', cell: (group) => group.system },
  { id: 'place', header: 'Location', wideOnly: true, cell: (group) => group.place || none },
  { id: 'channel', header: 'Channel', wideOnly: true, cell: (group) => group.channel || none },
  { id: 'method', header: 'Payment method', wideOnly: true, cell: (group) => group.method || none },
  { id: 'entity', header: 'Legal entity', wideOnly: true, cell: (group) => group.entity || none },
  { id: 'compared', header: 'Compared', numeric: true, wideOnly: true, cell: (group) => formatNumber(group.compared) },
  {
    id: 'agreeing',
    header: 'Agreeing',
    numeric: true,
    cell: (group) => (
      <span className={group.agreeing < group.compared ? 'text-bad' : ''}>{formatNumber(group.agreeing)}</span>
    ),
  },
  {
    id: 'undecided',
    header: 'Undecided',
    numeric: true,
    wideOnly: true,
    cell: (group) => formatNumber(group.undecided),
  },
  {
    id: 'ours',
    header: 'Syncline',
    numeric: true,
    wideOnly: true,
    cell: (group) => <Figure value={group.ours} currency={group.currency} />,
  },
  {
    id: 'theirs',
    header: 'There',
    numeric: true,
    wideOnly: true,
    cell: (group) => <Figure value={group.theirs} currency={group.currency} />,
  },
];

/** One comparison: its figures, and what each slice of it came to. */
export function RunPage({ view }: { view: ReconciliationRunView }) {
  return (
    <Page title={view.name} lead={<StatusMark condition={view.condition} word={view.word} />}>
      {view.message !== '' && (
        <Notice kind="warn" title="Not everything could be compared">
          {view.message} Nothing was concluded about what was left out.
        </Notice>
      )}
      <Panel title="What it came to">
        <Facts facts={factsOf(view)} />
      </Panel>
      <section aria-labelledby="groups" className="flex flex-col gap-2">
        <h2 id="groups" className="font-medium">
          Slice by slice
        </h2>
        <DataTable
          label="Slices of the comparison"
          columns={columns}
          rows={view.groups}
          rowKey={(group) => group.key}
          rowPath={() => breaksOf(view.id)}
          empty={
            <StateNotice kind="empty" title={view.running ? 'It is still comparing' : 'There was nothing to compare'}>
              {view.running
                ? 'What it comes to appears here once it has ended.'
                : 'No side lists anything of the period.'}
            </StateNotice>
          }
        />
      </section>
    </Page>
  );
}

const breaksOf = (run: string): string => `${reconciliationPath}?run=${encodeURIComponent(run)}`;

/** What is compared, and why some of it may be undecided. */
const kindWords: Record<ReconciliationRunView['kind'], { things: string; undecided: string }> = {
  stock: { things: 'SKU-locations', undecided: 'were in motion at every reading' },
  finance: { things: 'documents', undecided: 'are of money whose amount a side does not say' },
  orders: { things: 'orders', undecided: 'may still have waited in our own inbox' },
};

function factsOf(view: ReconciliationRunView): (readonly [string, React.ReactNode])[] {
  const stock = view.kind === 'stock';
  const { things, undecided } = kindWords[view.kind];
  return [
    ['Asked by', view.by || 'schedule'],
    [
      stock ? 'As of' : 'Period',
      stock ? (
        <Instant at={view.from} />
      ) : (
        <span>
          <Instant at={view.from} /> to <Instant at={view.to} />
        </span>
      ),
    ],
    ['Compared', `${formatNumber(view.compared)} ${things}, ${formatNumber(view.agreeing)} agree`],
    ['Undecided', `${formatNumber(view.undecided)} ${undecided}`],
    ...(stock
      ? ([
          [
            figures.inventoryAccuracy.name,
            <span key="accuracy" title={figures.inventoryAccuracy.definition}>
              {view.accuracy === null ? '–' : `${percent(view.accuracy)} %`}
            </span>,
          ],
        ] as const)
      : []),
    [
      'Breaks',
      <Link key="breaks" to={breaksOf(view.id)} className="text-accent hover:underline">
        {formatNumber(view.breaks)}, of which {formatNumber(view.opened)} new
      </Link>,
    ],
    ['Healed', formatNumber(view.healed)],
    [
      figures.reconciliationLag.name,
      <span key="lag" title={figures.reconciliationLag.definition}>
        {view.lagMs === null ? '–' : <Duration ms={view.lagMs} />}
      </span>,
    ],
  ];
}
