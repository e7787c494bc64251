import { useMemo } from 'react';
import { Button } from '#app/components/button.tsx';
import { DataTable, type TableColumn } from '#app/components/data-table.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant } from '#app/components/values.tsx';
import type { RateLine, RatesView } from '#app/presenters/rates.ts';
import { ratePageSize, ratesPath } from './paths.ts';

const none = <span className="text-muted">–</span>;

const columns = (reporting: string): readonly TableColumn<RateLine>[] => [
  {
    id: 'day',
    header: 'From day',
    fixed: true,
    cell: (one) => one.day || <span className="text-muted">beginning</span>,
  },
  { id: 'currency', header: 'Currency', fixed: true, cell: (one) => one.currency },
  { id: 'rate', header: `Rate, ${reporting}`, numeric: true, fixed: true, cell: (one) => one.rate },
  { id: 'state', header: 'State', cell: (one) => <StatusMark {...one.state} /> },
  { id: 'by', header: 'Set by', wideOnly: true, cell: (one) => one.setBy || none },
  { id: 'at', header: 'Set', wideOnly: true, cell: (one) => (one.setAt === '' ? none : <Instant at={one.setAt} />) },
  { id: 'before', header: 'Before', wideOnly: true, cell: (one) => <Before one={one} /> },
  {
    id: 'reason',
    header: 'Reason',
    wideOnly: true,
    fills: true,
    cell: (one) => (one.reason === '' ? none : <span title={one.reason}>{one.reason}</span>),
  },
];

/** What it was before its last correction; all that it ever was, and who said so, on hover. */
function Before({ one }: { one: RateLine }) {
  const [last] = one.former;
  if (last === undefined) return none;
  const all = one.former.map(({ rate, setBy, setAt }) => `${rate} by ${setBy}, ${setAt}`).join('\n');
  return (
    <span title={all}>
      {last.rate}
      {one.former.length > 1 && <span className="text-muted"> and {one.former.length - 1} more</span>}
    </span>
  );
}

interface Props {
  view: RatesView;
  onCorrect: (line: RateLine) => void;
}

/** Rates by day and currency, the newest day first. */
export function RateTable({ view, onCorrect }: Props) {
  const { reportingCurrency, mayWrite } = view;
  const shown = useMemo(() => {
    const correct: TableColumn<RateLine> = {
      id: 'correct',
      header: 'Correct',
      fixed: true,
      cell: (one) =>
        one.version === 0 ? (
          none
        ) : (
          <Button look="quiet" onClick={() => onCorrect(one)} aria-label={`Correct ${one.currency} of ${one.day}`}>
            Correct
          </Button>
        ),
    };
    return mayWrite ? [...columns(reportingCurrency), correct] : columns(reportingCurrency);
  }, [reportingCurrency, mayWrite, onCorrect]);
  return (
    <DataTable
      label="Rates"
      columns={shown}
      rows={view.lines}
      rowKey={(one) => one.key}
      rowPath={(one) => `${ratesPath}?currency=${one.currency}`}
      paging={{ page: view.page, pageSize: ratePageSize, total: view.total }}
      empty={
        <StateNotice kind="empty" title="There is no rate">
          Everything is in {reportingCurrency}, or the filter leaves no currency.
        </StateNotice>
      }
    />
  );
}
