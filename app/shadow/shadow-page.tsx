import { Link, useFetcher } from '@remix-run/react';
import { Button } from '#app/components/button.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice, StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { ShadowResult } from '#app/commands/shadow.ts';
import { orderPath } from '#app/orders/paths.ts';
import type { ShadowView } from '#app/presenters/shadows.ts';
import { rulesPath } from '#app/rules/paths.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';

/** One trial: how far it is, and how the orders would differ, group by group. */
export function ShadowPage({ view }: { view: ShadowView }) {
  const abort = useFetcher<ShadowResult>();
  return (
    <Page
      title="Shadow replay"
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <StatusMark {...view.state} />
          <span>
            {view.by}, <RelativeTime at={view.at} />
          </span>
        </span>
      }
      actions={
        view.running &&
        view.may.write && (
          <abort.Form method="post">
            <Button type="submit" look="danger" busy={abort.state !== 'idle'}>
              Abort
            </Button>
          </abort.Form>
        )
      }
    >
      <QuarantineNav />
      <Panel title="What is tried">
        <p className="break-words">{view.change}</p>
        {view.isRule && (
          <p className="mt-1 text-muted">
            As a rule: only on orders that stop with its cause. Every other order is left as it is.
            {view.named > 0 && ` ${formatNumber(view.named)} of the orders were named by cases of that cause.`}{' '}
            <Link to={rulesPath} className="text-accent hover:underline">
              To the rules
            </Link>
          </p>
        )}
        <Progress view={view} />
        {view.message !== '' && (
          <Notice kind={view.state.condition === 'bad' ? 'bad' : 'info'} className="mt-3">
            {view.message}
          </Notice>
        )}
      </Panel>
      <Panel title="How orders would differ" note={view.running ? 'so far' : ''} flush>
        {view.groups.length === 0 ? (
          <StateNotice kind="info" title={view.running ? 'No difference so far' : 'No order would differ'}>
            {view.running ? 'Groups appear here as orders are tried.' : 'Every order tried comes out the same.'}
          </StateNotice>
        ) : (
          <Groups groups={view.groups} />
        )}
      </Panel>
      {view.notCured.length > 0 && (
        <Panel title="Orders of this cause that it would not cure" note="they stay as they are" flush>
          <Groups groups={view.notCured} />
        </Panel>
      )}
    </Page>
  );
}

function Progress({ view }: { view: ShadowView }) {
  const share = view.wanted === 0 ? 1 : view.tried / view.wanted;
  const counts = [
    { condition: 'good', word: 'come out the same', count: view.same },
    { condition: 'warn', word: 'would differ', count: view.different },
    { condition: 'none', word: 'could not be tried', count: view.unknown },
  ] as const;
  return (
    <div className="mt-3 flex flex-col gap-2">
      <div
        role="progressbar"
        aria-label="Orders tried"
        aria-valuemin={0}
        aria-valuemax={view.wanted}
        aria-valuenow={view.tried}
        className="h-1.5 overflow-hidden rounded bg-sunken"
      >
        <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        <span>
          {formatNumber(view.tried)} of {formatNumber(view.wanted)} orders tried
        </span>
        {counts.map(({ condition, word, count }) => (
          <StatusMark key={word} condition={condition} word={`${formatNumber(count)} ${word}`} />
        ))}
      </div>
    </div>
  );
}

function Groups({ groups }: Pick<ShadowView, 'groups'>) {
  return (
    <ul>
      {groups.map((group) => (
        <li
          key={`${group.step}${group.where}${group.before}${group.after}`}
          className="grid gap-x-4 gap-y-1 border-b border-line p-3 last:border-0 sm:grid-cols-[200px_minmax(0,1fr)_250px]"
        >
          <div>
            <p className="font-medium">{group.step}</p>
            <p className="break-words text-muted">{group.outcome ? 'what happens' : group.where}</p>
          </div>
          <p className="min-w-0 break-words">
            <Value text={group.before} outcome={group.outcome} />{' '}
            <span aria-label="becomes" className="text-muted">
              →
            </span>{' '}
            <Value text={group.after} outcome={group.outcome} />
          </p>
          <div className="min-w-0 sm:text-right">
            <p>
              {formatNumber(group.payloads)} {group.payloads === 1 ? 'order' : 'orders'}
            </p>
            <p className="flex flex-wrap gap-x-3 sm:justify-end">
              {group.examples.map(({ key, label }) => (
                <Link
                  key={key}
                  to={orderPath(key)}
                  className="min-h-6 truncate font-mono text-[12px] text-accent hover:underline max-sm:min-h-8 max-sm:py-1.5"
                >
                  {label}
                </Link>
              ))}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Value({ text, outcome }: { text: string; outcome: boolean }) {
  if (text === '') return <span className="text-muted">nothing</span>;
  return outcome ? <span>{text}</span> : <code className="font-mono text-[12px]">{text}</code>;
}
