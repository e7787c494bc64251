import { Link, useLocation, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { CircleCheck } from 'lucide-react';
import { CauseLine } from '#app/causes/cause-line.tsx';
import { CauseTable } from '#app/causes/cause-table.tsx';
import { MutedLine } from '#app/causes/muted-line.tsx';
import { buttonClass } from '#app/components/button.tsx';
import { Chips } from '#app/components/chips.tsx';
import { CountdownMark } from '#app/components/countdown.tsx';
import { CsvLink } from '#app/components/csv-link.tsx';
import { FilterMenu } from '#app/components/filter-menu.tsx';
import { FindBox } from '#app/components/find-box.tsx';
import { Page } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { ReportedMoney } from '#app/components/reported-money.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { presentCaseList } from '#app/presenters/case-list.ts';
import { QuarantineNav } from './quarantine-nav.tsx';
import { ViewsMenu } from '#app/views/views-menu.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { CaseTable } from './case-table.tsx';
import { useSelection } from './use-selection.ts';

type List = Awaited<ReturnType<typeof presentCaseList>>;

/** The inbox: by deadline, then by money, or by cause. */
export function QuarantineList({ list }: { list: List }) {
  const { search } = useLocation();
  const empty = <NothingWaits list={list} />;
  const selection = useSelection(list.items);
  const selectable = list.may.work || list.may.discard;
  return (
    <Page
      title="Quarantine"
      lead={<Summary list={list} />}
      actions={
        <>
          <Switch
            name="by"
            label="Show"
            choices={[
              ['', 'Cases'],
              ['cause', 'Causes'],
            ]}
          />
          <ViewsMenu list="quarantine" />
          <Link to="/runbooks" className={buttonClass('quiet', 'max-sm:hidden')}>
            Runbooks
          </Link>
          <CsvLink to={`/quarantine/export.csv${search}`} />
        </>
      }
    >
      <QuarantineNav />
      <div className="flex flex-wrap items-center gap-2">
        <Switch
          name="state"
          label="Which"
          choices={[
            ['', 'Open'],
            ['closed', 'Closed'],
            ['all', 'All'],
          ]}
        />
        <FindBox label="Find cases" placeholder="Order, case, message…" />
        <FilterMenu name="assignee" label="Assignee" options={list.options.assignees} single />
        <FilterMenu name="status" label="Status" options={list.options.statuses} />
        <FilterMenu name="step" label="Step" options={list.options.steps} />
        <FilterMenu name="class" label="Kind" options={list.options.classes} />
        <FilterMenu name="for" label="For me" options={list.options.forMe} single />
        {list.options.tags.length > 0 && <FilterMenu name="tag" label="Tag" options={list.options.tags} />}
        <FilterMenu name="system" label="System" options={list.options.systems} />
        <FilterMenu name="held" label="On hold" options={list.options.held} single />
        <FilterMenu name="muted" label="Muted" options={list.options.muted} single />
      </div>
      <Chips chips={list.chips} />
      {list.cause ? <CauseLine standing={list.cause} /> : <MutedLine muted={list.muted} />}
      {list.grouped ? (
        <CauseTable
          groups={list.groups}
          currency={list.currency}
          rates={list.rates}
          mayWork={list.may.work}
          viewerId={list.viewerId}
          owners={list.owners}
          page={list.page}
          total={list.groupTotal}
          empty={empty}
        />
      ) : (
        <CaseTable
          items={list.items}
          page={list.page}
          total={list.total}
          empty={empty}
          selection={selectable ? { keys: new Set(selection.cases.keys()), onChange: selection.choose } : undefined}
        />
      )}
      {!list.grouped && selectable && (
        // Below the rows, so that choosing one does not move the others away.
        <div className="sticky bottom-(--banner) z-20 -my-2 max-h-[50vh] overflow-auto bg-surface py-2 empty:hidden max-sm:bottom-[calc(3.5rem+var(--banner))]">
          <BulkBar
            selection={selection}
            total={list.total}
            may={list.may}
            choices={list.mappingChoices}
            viewerId={list.viewerId}
          />
        </div>
      )}
    </Page>
  );
}

function Summary({ list }: { list: List }) {
  if (list.total === 0) return <span> </span>;
  return (
    <span className="flex flex-wrap gap-x-4">
      <span>
        {formatNumber(list.total)} {list.total === 1 ? 'case' : 'cases'},{' '}
        <ReportedMoney amount={list.value} currency={list.currency} rates={list.rates} whole className="text-text" />
      </span>
      {list.oldest !== '' && (
        <span>
          oldest <RelativeTime at={list.oldest} />
        </span>
      )}
      {list.late > 0 && <span className="text-bad">■ {formatNumber(list.late)} past the deadline</span>}
      {list.nextBreach !== '' && (
        <span>
          next breach <CountdownMark deadline={list.nextBreach} />
        </span>
      )}
    </span>
  );
}

/** One choice of a few, in the address. */
function Switch({
  name,
  label,
  choices,
}: {
  name: string;
  label: string;
  choices: readonly (readonly [string, string])[];
}) {
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  const current = search.get(name) ?? '';
  const to = (value: string) => {
    const next = new URLSearchParams(search);
    next.delete('page');
    if (value === '') next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    return text === '' ? pathname : `${pathname}?${text}`;
  };
  return (
    <div role="group" aria-label={label} className="flex rounded border border-line-strong bg-raised">
      {choices.map(([value, word]) => (
        <Link
          key={value}
          to={to(value)}
          preventScrollReset
          aria-current={value === current ? 'true' : undefined}
          className={clsx(
            'flex h-[30px] items-center px-3 first:rounded-l-[5px] last:rounded-r-[5px] hover:bg-hover',
            value === current ? 'bg-accent-soft font-medium text-accent' : 'text-muted',
          )}
        >
          {word}
        </Link>
      ))}
    </div>
  );
}

function NothingWaits({ list }: { list: List }) {
  if (list.muted.choice === 'hide' && list.muted.cases > 0)
    return (
      <StateNotice kind="empty" title="Only cases of muted causes are left">
        They are not shown until their mute ends or you ask for them above.
      </StateNotice>
    );
  if (list.filtered)
    return (
      <StateNotice kind="empty" title="No case matches these filters">
        Remove a filter, or look among closed cases.
      </StateNotice>
    );
  if (list.scope === 'closed')
    return (
      <StateNotice kind="empty" title="No case has been closed yet">
        Resolved, discarded and done outside: they are kept here with their history.
      </StateNotice>
    );
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      <CircleCheck aria-hidden className="size-8 text-good" />
      <p className="text-lead font-medium">Nothing waits for a person</p>
      <p className="max-w-prose text-muted">
        Every order is on its way. What cannot proceed by itself appears here, with what is wrong and how to cure it.
      </p>
    </div>
  );
}
