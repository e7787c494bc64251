import { Form, Link, useActionData, useNavigation } from '@remix-run/react';
import { Button } from '#app/components/button.tsx';
import { inputClass } from '#app/components/field.tsx';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { RuleResult } from '#app/commands/rule.ts';
import type { RuleView } from '#app/presenters/rule-page.ts';
import { shadowPath } from './paths.ts';

/** What the rule would have done with real orders, tried without effects. */
export function RulePreviews({ view }: { view: RuleView }) {
  const navigation = useNavigation();
  const result = useActionData<RuleResult>();
  const busy = navigation.formData?.get('intent') === 'preview';
  return (
    <Panel title="Preview" note="nothing is sent">
      <p className="text-muted">
        Tries this version on the orders that its cause stopped, and on the last orders whatever became of them.
      </p>
      {view.may.write && (
        <Form method="post" className="mt-2 flex flex-wrap items-end gap-2">
          <input type="hidden" name="intent" value="preview" />
          <label className="flex flex-col gap-1 text-label text-muted">
            Stopped within the last
            <select name="days" defaultValue="7" className={inputClass}>
              <option value="1">day</option>
              <option value="7">7 days</option>
              <option value="30">30 days</option>
            </select>
          </label>
          <Button type="submit" busy={busy} className="max-sm:h-10">
            Try it
          </Button>
        </Form>
      )}
      {!busy && result?.intent === 'preview' && (
        <Notice kind="bad" className="mt-2">
          {result.message}
        </Notice>
      )}
      {view.previews.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1" aria-label="Trials of this version">
          {view.previews.map((run) => (
            <li key={run.id} className="flex flex-wrap gap-x-2">
              <StatusMark {...run.state} />
              <Link to={shadowPath(run.id)} className="text-accent hover:underline">
                {formatNumber(run.tried)} of {formatNumber(run.wanted)} orders tried, {formatNumber(run.cured)} would go
                on{run.notCured > 0 && `, ${formatNumber(run.notCured)} would still stop`}
              </Link>
              <span className="text-muted">
                {run.by}, <RelativeTime at={run.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
