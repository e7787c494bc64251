import { Link } from '@remix-run/react';
import { Cures } from '#app/cases/cures.tsx';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { TrendMark } from '#app/cases/trend-mark.tsx';
import { buttonClass } from '#app/components/button.tsx';
import { CountdownMark } from '#app/components/countdown.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { ReportedMoney } from '#app/components/reported-money.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { CausePageView } from '#app/presenters/cause-page.ts';
import { MakePartOf, PartOf } from '#app/incidents/part-of.tsx';
import { newRepairPath } from '#app/repairs/paths.ts';
import { runbookPath, runbooks } from '#app/runbooks/runbooks.ts';
import { CauseMarks, RunbookLink } from './cause-marks.tsx';
import { CauseMenu } from './cause-menu.tsx';
import { CauseDecisions } from './cause-decisions.tsx';
import { causeCasesPath } from './paths.ts';
import { newRulePath } from '#app/rules/paths.ts';
import { UrgentCases } from './urgent-cases.tsx';

const counted = (count: number, word: string) => `${formatNumber(count)} ${word}${count === 1 ? '' : 's'}`;

/** One cause told well: what it is, how much hangs on it, what people decided, and the way to its cases. */
export function CausePage({ view }: { view: CausePageView }) {
  const { standing } = view;
  const link = { kind: 'cause', fingerprint: view.fingerprint } as const;
  return (
    <Page
      title={view.title}
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <TrendMark trend={view.trend} />
          <CauseMarks standing={standing} plain />
          <span>{view.open === 0 ? 'no open case' : counted(view.open, 'open case')}</span>
          {view.open > 0 && (
            <ReportedMoney
              amount={view.value}
              currency={view.currency}
              rates={view.rates}
              whole
              className="text-text"
            />
          )}
          {view.nextDeadline !== '' && <CountdownMark deadline={view.nextDeadline} />}
          <PartOf link={link} />
        </span>
      }
      actions={
        <>
          {view.mayWork && (
            <CauseMenu standing={standing} cause={view.title} viewerId={view.viewerId} owners={view.owners} />
          )}
          <MakePartOf link={link} />
          {view.mayRule && (
            <Link to={newRulePath(view.fingerprint)} className={buttonClass('secondary', 'max-sm:hidden')}>
              Make a rule
            </Link>
          )}
          <Link to={causeCasesPath(view.fingerprint)} className={buttonClass('secondary')}>
            Its cases
          </Link>
          {view.mayReplay && view.open > 0 && (
            <Link to={newRepairPath(view.fingerprint)} className={buttonClass('primary')}>
              Repair all
            </Link>
          )}
        </>
      }
    >
      <QuarantineNav />
      <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_320px]">
        <div className="flex min-w-0 flex-col gap-4 max-md:contents">
          <Panel title="Why they stop">
            <div className="flex max-w-prose flex-col gap-2">
              <p>{view.happened}</p>
              <p>
                <span className="text-muted">What to do: </span>
                {view.remedy}
              </p>
              {view.mayReplay && view.open > 0 && (
                <p className="text-muted">“Repair all” tries a correction or a mapping on every open case first.</p>
              )}
              {view.where !== '' && (
                <p className="text-muted">
                  Field: <span className="font-mono text-[12px] break-words text-text">{view.where}</span>
                </p>
              )}
              <p className="flex flex-wrap gap-x-4 gap-y-1">
                {standing.runbookUrl !== '' && (
                  <RunbookLink url={standing.runbookUrl}>Runbook of this cause</RunbookLink>
                )}
                <Link to={runbookPath(view.errorClass)} className="text-accent hover:underline">
                  {`Runbook: ${runbooks[view.errorClass].title}`}
                </Link>
              </p>
            </div>
          </Panel>
          {/* On a phone what was decided comes before the cases. */}
          <UrgentCases view={view} className="max-md:order-2" />
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-md:contents">
          <CauseDecisions standing={standing} className="max-md:order-1" />
          <Panel title="Figures" className="max-md:order-3">
            <Facts
              facts={[
                ['Open cases', <CasesLink key="open" view={view} />],
                ['Past deadline', formatNumber(view.late)],
                ['Unassigned', formatNumber(view.unassigned)],
                [
                  'Value at risk',
                  <ReportedMoney key="value" amount={view.value} currency={view.currency} rates={view.rates} whole />,
                ],
                ['First seen', <RelativeTime key="first" at={view.firstAt} />],
                ['Last seen', <RelativeTime key="last" at={view.lastAt} />],
                ['Cases ever', <EverLink key="ever" view={view} />],
                ['Step', view.step],
                ['System', view.system],
              ]}
            />
          </Panel>
          <div className="empty:hidden max-md:order-4">
            <Cures cures={view.cures} />
          </div>
        </div>
      </div>
    </Page>
  );
}

const CasesLink = ({ view }: { view: CausePageView }) => (
  <Link to={causeCasesPath(view.fingerprint)} className="text-accent hover:underline">
    {formatNumber(view.open)}
  </Link>
);

const EverLink = ({ view }: { view: CausePageView }) => (
  <Link to={`${causeCasesPath(view.fingerprint)}&state=all`} className="text-accent hover:underline">
    {formatNumber(view.ever)}
  </Link>
);
