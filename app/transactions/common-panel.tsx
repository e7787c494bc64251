import { Link, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { CommonRow, CommonView } from '#app/presenters/transaction-common.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const columns: readonly TableColumn<CommonRow>[] = [
  { id: 'what', header: 'What', fixed: true, cell: (row) => <span className="text-muted">{row.attribute}</span> },
  {
    id: 'value',
    header: 'Value',
    fixed: true,
    cell: (row) => (
      <Link to={row.path} className="font-medium hover:text-accent">
        {row.label}
      </Link>
    ),
  },
  {
    id: 'selected-share',
    header: 'Of the selected',
    numeric: true,
    cell: (row) => (
      <Link to={row.path}>
        {percent(row.shareSelected)} <span className="text-muted">({formatNumber(row.selected)})</span>
        <span className="sr-only">
          {' '}
          selected: {row.attribute} {row.label}
        </span>
      </Link>
    ),
  },
  {
    id: 'rest-share',
    header: 'Of the rest',
    numeric: true,
    wideOnly: true,
    cell: (row) => (
      <>
        {percent(row.shareRest)} <span className="text-muted">({formatNumber(row.rest)})</span>
      </>
    ),
  },
  {
    id: 'times',
    header: 'Times as often',
    numeric: true,
    wideOnly: true,
    cell: (row) =>
      row.shareRest === 0 ? (
        <span className="text-muted">only here</span>
      ) : (
        formatNumber(row.shareSelected / row.shareRest)
      ),
  },
  {
    id: 'effect',
    header: 'More by at least, points',
    about: {
      name: 'More by at least',
      definition:
        'Share among the selected − share among the rest, in percentage points: the lower end of its 95 % interval (Newcombe, from Wilson intervals), so that a few transactions prove little. Only values above zero are listed.',
    },
    numeric: true,
    cell: (row) => (
      <span className="inline-flex items-center justify-end gap-2">
        <span aria-hidden className="h-2 w-16 bg-sunken max-sm:hidden">
          <span className="block h-full bg-category-1" style={{ width: `${100 * row.least}%` }} />
        </span>
        <span className="w-12">+{(100 * row.least).toFixed(1)}</span>
      </span>
    ),
  },
];

/** What the selected transactions have in common that the rest has not. */
export function CommonPanel({ common, many, spanned }: { common: CommonView; many: string; spanned: boolean }) {
  return (
    <div className="flex flex-col gap-3">
      <Selected common={common} spanned={spanned} />
      <p className="text-muted">
        <Link to={common.selectedPath} className="text-accent underline">
          {formatNumber(common.selected)} {many} selected
        </Link>{' '}
        against {formatNumber(common.rest)} others under the same filters.
      </p>
      {common.selected === 0 || common.rest === 0 ? (
        <StateNotice
          kind="empty"
          title={common.selected === 0 ? 'Nothing is selected' : 'There is no rest to compare with'}
        >
          {common.selected === 0
            ? 'None of these is such. Choose a longer time, or another selection.'
            : 'All that is shown is selected. Remove a filter, so that there are others beside it.'}
        </StateNotice>
      ) : (
        <>
          <DataTable
            label="Over-represented among the selected"
            columns={columns}
            rows={common.rows}
            rowKey={(row) => row.id}
            rowPath={(row) => row.path}
            empty={
              <StateNotice kind="empty" title="They have nothing in common">
                No value is more frequent among the selected than chance explains.
              </StateNotice>
            }
          />
          {common.others > 0 && (
            <p className="text-label text-muted">
              {common.capped.length > 0 && 'At least '}
              {formatNumber(common.others)} other values are not more frequent among the selected than chance explains.
            </p>
          )}
          {common.capped.length > 0 && (
            <p className="text-label text-muted">
              {common.capped.join(', ')}: only the {formatNumber(common.mostValues)} values most frequent among the
              selected are compared.
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Selected({ common, spanned }: { common: CommonView; spanned: boolean }) {
  const [search] = useSearchParams();
  const choices = [
    ['trouble', 'In trouble'],
    ['slow', common.slowOverMs > 0 ? `Slower than p95 (${formatDuration(common.slowOverMs)})` : 'Slower than p95'],
    ...(spanned ? ([['span', 'The chosen latencies']] as const) : []),
  ] as const;
  const to = (id: string) => {
    const next = new URLSearchParams(search);
    next.set('pick', id);
    return `?${next.toString()}`;
  };
  return (
    <nav aria-label="Selected" className="flex w-fit rounded border border-line-strong bg-raised">
      {choices.map(([id, word]) => (
        <Link
          key={id}
          to={to(id)}
          preventScrollReset
          aria-current={id === common.selection ? 'true' : undefined}
          className={clsx(
            'flex min-h-[30px] items-center px-3 first:rounded-l-[5px] last:rounded-r-[5px] max-sm:min-h-10',
            id === common.selection ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover',
          )}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}
