import { Link, useFetcher, useNavigation, useActionData } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Instant, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RuleResult } from '#app/commands/rule.ts';
import { causePath } from '#app/causes/paths.ts';
import { orderPath } from '#app/orders/paths.ts';
import type { RuleView } from '#app/presenters/rule-page.ts';
import { RulesOff } from './kill-switch.tsx';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { RuleForm } from './rule-form.tsx';
import { RuleLimit } from './rule-limit.tsx';
import { RuleHistory } from './rule-history.tsx';
import { RulePreviews } from './rule-previews.tsx';
import { RuleSwitch } from './rule-switch.tsx';

/** One rule: what it does, whether it applies, what it would do, how often it did, and who changed it. */
export function RulePage({ view }: { view: RuleView }) {
  // Version and text that the person began with: what somebody saves meanwhile is a conflict, not lost.
  const [editing, setEditing] = useState<{ version: number; draft: RuleView['draft'] }>();
  const navigation = useNavigation();
  const result = useActionData<RuleResult>();
  const switching = useFetcher<RuleResult>({ key: `switch:${view.id}` });
  useEffect(() => {
    if (result?.intent === 'save' && result.ok) setEditing(undefined);
  }, [result]);
  const refusal = switching.state === 'idle' && switching.data?.ok === false ? switching.data.message : undefined;
  return (
    <Page
      title={view.name}
      lead={<StatusMark {...view.state} />}
      actions={
        view.may.write && (
          <>
            {!editing && <Button onClick={() => setEditing(view)}>Edit</Button>}
            <RuleSwitch view={view} />
          </>
        )
      }
    >
      <QuarantineNav />
      <RulesOff off={view.off} />
      {refusal !== undefined && <Notice kind="bad">{refusal}</Notice>}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_380px]">
        <div className="flex min-w-0 flex-col gap-4">
          {editing ? (
            <Panel title="Edit the rule" note={`on top of version ${editing.version}`}>
              <RuleForm
                draft={editing.draft}
                choices={view.choices}
                version={editing.version}
                confirm="Save a new version"
                busy={navigation.state !== 'idle'}
                result={result?.intent === 'save' ? result : undefined}
                leave={
                  <Button look="quiet" onClick={() => setEditing(undefined)}>
                    Leave it as it is
                  </Button>
                }
              />
            </Panel>
          ) : (
            <Panel title="What it does" note={`version ${view.version}`}>
              <ul className="flex flex-col gap-1">
                {view.does.map((sentence) => (
                  <li key={sentence} className="break-words first-letter:uppercase">
                    {sentence}
                  </li>
                ))}
              </ul>
              <p className="mt-2 text-muted">
                It is used only where the order becomes valid by it. What arrived stays as it is; the change is a
                version of its own. An order that goes through without it is never touched.
              </p>
              <RuleLimit limit={view.limit} />
            </Panel>
          )}
          <RulePreviews view={view} />
          <RuleHistory history={view.history} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="When it applies">
            <Facts
              facts={[
                [
                  'Cause',
                  <Link key="c" to={causePath(view.fingerprint)} className="text-accent hover:underline">
                    {view.cause?.title ?? 'A cause without cases'}
                  </Link>,
                ],
                ...(view.cause === undefined
                  ? []
                  : ([
                      ['Message', view.cause.message],
                      ['Step', view.cause.step],
                    ] as const)),
                ['Where', view.scope],
                ['Owner', view.owner],
                ['Expires', <Instant key="e" at={view.expiresAt} />],
              ]}
            />
          </Panel>
          <Panel title="Uses" note={formatNumber(view.uses)}>
            {view.latestUses.length === 0 ? (
              <p className="text-muted">It has not been used yet.</p>
            ) : (
              <ul className="flex flex-col gap-1">
                {view.latestUses.map((use) => (
                  <li key={`${use.key}${use.at}`} className="flex flex-wrap gap-x-2">
                    <Link to={orderPath(use.key)} className="font-mono text-[12px] hover:text-accent">
                      {use.business_key}
                    </Link>
                    <span className="text-muted">
                      {use.channel}, version {use.rule_version}
                    </span>
                    <RelativeTime at={use.at} className="ml-auto text-muted" />
                  </li>
                ))}
              </ul>
            )}
          </Panel>
        </div>
      </div>
    </Page>
  );
}
