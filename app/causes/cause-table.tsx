import { Link, useSearchParams } from '@remix-run/react';
import { createContext, useContext, useMemo } from 'react';
import type { Paged } from '#app/cases/case-table.tsx';
import { casePageSize } from '#app/cases/paths.ts';
import { TrendMark } from '#app/cases/trend-mark.tsx';
import { CountdownMark } from '#app/components/countdown.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { CaseGroupItem } from '#app/presenters/case-list.ts';
import { CauseMarks } from './cause-marks.tsx';
import { CauseMenu } from './cause-menu.tsx';
import { causePath } from './paths.ts';

interface CauseTableProps extends Paged {
  groups: readonly CaseGroupItem[];
  currency: string;
  /** By which values of several currencies were worked out. */
  rates: string;
  mayWork: boolean;
  viewerId: string;
  owners: readonly string[];
}

type Column = TableColumn<CaseGroupItem>;

/** What a row's menu needs besides the row. Cells keep their identity, and so their open dialogs, while data reloads. */
const PeopleContext = createContext<{ viewerId: string; owners: readonly string[] }>({ viewerId: '', owners: [] });

/** Cases by cause; a row leads to its cause, its count to the list of exactly the cases it counts. */
export function CauseTable(props: CauseTableProps) {
  const { currency, rates, mayWork, viewerId, owners } = props;
  const shown = useMemo(
    () => [...columns(currency, rates), ...(mayWork ? [changeColumn] : [])],
    [currency, rates, mayWork],
  );
  const people = useMemo(() => ({ viewerId, owners }), [viewerId, owners]);
  return (
    <PeopleContext.Provider value={people}>
      <DataTable
        label="Causes"
        columns={shown}
        rows={props.groups}
        rowKey={(row) => row.fingerprint}
        rowPath={(row) => causePath(row.fingerprint)}
        paging={{ page: props.page, pageSize: casePageSize, total: props.total }}
        empty={props.empty}
      />
    </PeopleContext.Provider>
  );
}

/** The count, as the way to its list: the filters in force and this cause. */
function CasesLink({ fingerprint, cases }: Pick<CaseGroupItem, 'fingerprint' | 'cases'>) {
  const [search] = useSearchParams();
  const next = new URLSearchParams(search);
  for (const name of ['by', 'page', 'hide', 'sort']) next.delete(name);
  next.set('group', fingerprint);
  return (
    <Link to={`/quarantine?${next.toString()}`} className="-m-1 p-1 text-accent hover:underline">
      {formatNumber(cases)}
    </Link>
  );
}

function ChangeCell({ row }: { row: CaseGroupItem }) {
  const { viewerId, owners } = useContext(PeopleContext);
  return <CauseMenu standing={row.standing} cause={row.cause} viewerId={viewerId} owners={owners} compact />;
}

const columns = (currency: string, rates: string): readonly Column[] => [
  {
    id: 'cause',
    header: 'Cause',
    fixed: true,
    fills: true,
    cell: (row) => (
      <>
        <Link
          to={causePath(row.fingerprint)}
          prefetch="intent"
          title={row.message}
          className="font-medium hover:text-accent"
        >
          {row.cause}
        </Link>
        {(row.standing.hold ?? row.standing.mute?.holds) && (
          <span className="ml-2 text-label sm:hidden">
            <CauseMarks standing={row.standing} plain />
          </span>
        )}
      </>
    ),
  },
  {
    id: 'message',
    header: 'Latest message',
    wideOnly: true,
    atFirst: 'hidden',
    cell: (row) => <span title={row.message}>{row.message}</span>,
  },
  { id: 'trend', header: 'Trend', wideOnly: true, cell: (row) => <TrendMark trend={row.trend} /> },
  {
    id: 'cases',
    header: 'Cases',
    numeric: true,
    cell: (row) => <CasesLink fingerprint={row.fingerprint} cases={row.cases} />,
  },
  {
    id: 'value',
    header: `Value, ${currency}`,
    about: { name: 'Value', definition: `Order value of the cases. ${rates}`.trim() },
    numeric: true,
    wideOnly: true,
    cell: (row) => <Money amount={row.value} currency={currency} whole />,
  },
  { id: 'next', header: 'Next deadline', cell: (row) => <CountdownMark deadline={row.next_deadline} /> },
  {
    id: 'owner',
    header: 'Owner',
    wideOnly: true,
    cell: (row) =>
      row.standing.owner === '' ? (
        <span className="text-muted">nobody</span>
      ) : (
        <span title={row.standing.owner} className="block max-w-36 truncate">
          {row.standing.owner}
        </span>
      ),
  },
  { id: 'decided', header: 'Decided', wideOnly: true, cell: (row) => <CauseMarks standing={row.standing} /> },
  {
    id: 'unassigned',
    header: 'Unassigned',
    numeric: true,
    wideOnly: true,
    atFirst: 'hidden',
    cell: (row) => formatNumber(row.unassigned),
  },
  { id: 'step', header: 'Step', wideOnly: true, cell: (row) => row.step },
  {
    id: 'first',
    header: 'First',
    wideOnly: true,
    atFirst: 'hidden',
    cell: (row) => <RelativeTime at={row.first_at} />,
  },
  { id: 'last', header: 'Latest', wideOnly: true, atFirst: 'hidden', cell: (row) => <RelativeTime at={row.last_at} /> },
];

const changeColumn: Column = {
  id: 'change',
  header: 'Change',
  wideOnly: true,
  cell: (row) => <ChangeCell row={row} />,
};
