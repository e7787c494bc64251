import { Link } from '@remix-run/react';
import { Download } from 'lucide-react';
import { buttonClass } from '#app/components/button.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RepairRunView } from '#app/presenters/repair-runs.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { causePath } from '#app/causes/paths.ts';
import { newRulePath } from '#app/rules/paths.ts';
import { repairOutcomeWords } from '#app/words/repair-runs.ts';
import { newRepairPath, repairPath } from './paths.ts';
import { RunControls } from './run-controls.tsx';
import { RunItems } from './run-items.tsx';
import { RunProgress } from './run-progress.tsx';

/** One repair of many: what it does, how far it is, what became of each case. */
export function RunPage({ view }: { view: RepairRunView }) {
  return (
    <Page
      title={view.what}
      lead={<StatusMark condition={view.condition} word={view.word} />}
      actions={
        <>
          <a href={`${repairPath(view.id)}/report.csv`} download className={buttonClass('secondary', 'max-sm:hidden')}>
            <Download aria-hidden className="size-4 text-muted" /> Report
          </a>
          {view.may.rule && view.mayBeRule && (
            <Link to={newRulePath(view.fingerprint, view.id)} className={buttonClass('secondary')}>
              Save as a rule
            </Link>
          )}
          {view.may.replay && <RunControls view={view} />}
        </>
      }
    >
      <QuarantineNav />
      {view.message !== '' && <Notice kind={view.status === 'paused' ? 'warn' : 'info'}>{view.message}</Notice>}
      {view.status === 'tried' && <Tried view={view} />}
      {view.status === 'done' && <Done view={view} />}
      {view.since > 0 && <Since view={view} />}
      <RunProgress view={view} />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
        <RunItems view={view} />
        <div className="flex flex-col gap-4">
          <About view={view} />
          {view.reasons.length > 0 && <Reasons view={view} />}
        </div>
      </div>
    </Page>
  );
}

function Tried({ view }: { view: RepairRunView }) {
  const left = view.items - view.toReplay;
  return (
    <Notice kind={view.toReplay === 0 ? 'warn' : 'info'} title="Tried without effects">
      {view.toReplay === 0
        ? 'The repair cures none of these cases. Nothing was sent.'
        : `${formatNumber(view.toReplay)} of ${formatNumber(view.items)} would get past the step where they stopped. Nothing was sent.`}
      {view.toReplay > 0 && left > 0 && ` The other ${formatNumber(left)} are left as they are.`}
    </Notice>
  );
}

function Done({ view }: { view: RepairRunView }) {
  const left = view.items - view.resolved;
  return (
    <Notice
      kind={left === 0 ? 'good' : 'warn'}
      title={`${formatNumber(view.resolved)} of ${formatNumber(view.items)} went on`}
    >
      They are past the step where they had stopped
      {view.stoppedLater === 0
        ? '; one that stops at a later step opens a case of its own.'
        : `. Before the end ${formatNumber(view.stoppedLater)} of them had stopped again at a later step, with a case of ${view.stoppedLater === 1 ? 'its' : 'their'} own; others may have since.`}
      {left > 0 &&
        ` The other ${formatNumber(left)} are listed below with the reason, and stay in Quarantine while they are open.`}
    </Notice>
  );
}

function Since({ view }: { view: RepairRunView }) {
  return (
    <Notice kind="info">
      {formatNumber(view.since)} more {view.since === 1 ? 'case' : 'cases'} of this cause came after the list was made
      and {view.since === 1 ? 'is' : 'are'} not part of it.{' '}
      {view.may.replay && (
        <Link to={`${newRepairPath(view.fingerprint)}&like=${view.id}`} className="underline">
          Try the same repair on {view.since === 1 ? 'it' : 'them'}
        </Link>
      )}
    </Notice>
  );
}

function About({ view }: { view: RepairRunView }) {
  return (
    <Panel title="About this repair">
      <Facts
        facts={[
          ['Why', view.reason],
          ...(view.fingerprint === ''
            ? []
            : [
                [
                  'Cause',
                  <Link key="cause" to={causePath(view.fingerprint)} className="text-accent hover:underline">
                    About this cause
                  </Link>,
                ] as const,
              ]),
          ['Made by', view.createdBy],
          ['Made', <RelativeTime key="made" at={view.createdAt} />],
          ...(view.startedBy === '' ? [] : [['Started by', view.startedBy] as const]),
          ['At most', `${formatNumber(view.rate)} a second`],
        ]}
      />
      {view.changes.length > 1 && (
        <ul className="mt-3 flex flex-col gap-1 border-t border-line pt-3">
          {view.changes.map((change) => (
            <li key={change} className="break-words first-letter:uppercase">
              {change}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Reasons({ view }: { view: RepairRunView }) {
  return (
    <Panel title="Why not">
      <ul className="flex flex-col gap-2">
        {view.reasons.map(({ outcome, message, cases }) => (
          <li key={`${outcome} ${message}`}>
            <span className="flex items-baseline gap-2">
              <StatusMark {...repairOutcomeWords(outcome)} />
              <span className="tabular-nums">{formatNumber(cases)}</span>
            </span>
            <span className="block break-words text-muted">{message}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
