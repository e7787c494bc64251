import { useState } from 'react';
import { Panel } from '#app/components/page.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import { JsonDiff } from '#app/editor/json-diff.tsx';
import { JsonEditor } from '#app/editor/json-editor.tsx';
import type { ShownDryRun } from '#app/presenters/dry-run.ts';

const none: never[] = [];

/** What a replay would do: the steps it would pass, what would be sent to whom, and what still stops it. */
export function DryRunView({ result, run, busy }: { result: CaseResult; run: ShownDryRun | undefined; busy: boolean }) {
  return (
    <Panel title="Dry run" note="nothing was sent" className={busy ? 'opacity-60' : ''}>
      <div aria-live="polite" className="flex flex-col gap-3">
        <Notice kind={result.ok && run?.ok ? 'good' : 'bad'}>{result.message}</Notice>
        {run && (
          <>
            <ol aria-label="Steps of the dry run" className="flex flex-col gap-0.5">
              {run.steps.map((step, i) => (
                <li
                  key={`${step.step}${i}`}
                  className="grid grid-cols-[minmax(0,1fr)_max-content] gap-x-3 sm:grid-cols-[190px_130px_minmax(0,1fr)]"
                >
                  <span>{step.step}</span>
                  <StatusMark condition={step.condition} word={step.word} />
                  <span className="text-muted max-sm:col-span-2">{step.note}</span>
                </li>
              ))}
            </ol>
            {run.calls.map((call) => (
              <PlannedCall key={call.id} call={call} />
            ))}
          </>
        )}
      </div>
    </Panel>
  );
}

function PlannedCall({ call }: { call: ShownDryRun['calls'][number] }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="rounded border border-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="px-3 py-1.5">
        {call.title} <span className="font-mono text-label break-all text-muted">{call.request}</span>
        {call.sentBefore !== undefined && (
          <span className="text-label text-muted"> compared with what was sent before</span>
        )}
      </summary>
      {open && (
        <div className="h-72 border-t border-line">
          {call.sentBefore === undefined ? (
            <JsonEditor
              text={call.body}
              label={`What would be sent: ${call.title}`}
              document="canonical"
              problems={none}
              readOnly
            />
          ) : (
            <JsonDiff
              before={call.sentBefore}
              after={call.body}
              labels={{ before: 'sent before', after: 'would be sent' }}
            />
          )}
        </div>
      )}
    </details>
  );
}
