import { Link } from '@remix-run/react';
import { FileDown } from 'lucide-react';
import { useRef, useState } from 'react';
import { buttonClass } from '#app/components/button.tsx';
import { CountdownMark } from '#app/components/countdown.tsx';
import { Hint } from '#app/components/hint.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import { Notice, StateNotice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Money, RelativeTime } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import { casePath } from '#app/orders/paths.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { rulePath } from '#app/rules/paths.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { lifecycleWords } from '#app/words/lifecycle.ts';
import { AlsoHere } from '#app/presence/also-here.tsx';
import { usePresence } from '#app/presence/use-presence.ts';
import { ApprovalPanel } from './approval-panel.tsx';
import { CaseActions } from './case-actions.tsx';
import { useCaseKeys } from './case-keys.ts';
import { Cures } from './cures.tsx';
import { MappingForm, mappingId } from './mapping-form.tsx';
import { ProgressView } from './progress-view.tsx';
import { StoryView } from './story-view.tsx';
import { SuggestedChanges, takeSuggestion, useSuggestions } from './suggested-changes.tsx';
import { Why } from './why.tsx';
import { usePayloadDraft } from './payload-draft.ts';
import { Workbench, type WorkbenchHandle } from './workbench.tsx';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Quarantine → fix → replay: why at the left, the payload in the middle, what to do at the right. */
export function CasePage({ view }: { view: CaseView }) {
  const [targets, setTargets] = useState<Readonly<Record<string, string>>>({});
  const draft = usePayloadDraft(view.payload ?? undefined);
  const workbench = useRef<WorkbenchHandle>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const present = usePresence(view.caseId, draft?.dirty ?? false);
  const editable = draft !== undefined && view.open && view.may.work;
  const suggestions = useSuggestions(view.caseId, view.fingerprint, editable);
  const status = caseStatusWords(view.status);
  const mappings = view.missing.flatMap(({ kind, system, code, target: present }) => {
    const target = targets[mappingId({ kind, system, code })]?.trim() ?? '';
    return target === '' || target === present ? [] : [{ kind, system, code, target }];
  });
  const take = (code: string, target: string) => {
    const missing = view.missing.find((one) => one.code === code);
    if (missing && target !== '') setTargets({ ...targets, [mappingId(missing)]: target });
  };
  const [suggestion] = suggestions;
  const cure = view.cures.find(({ target }) => target !== '');
  useCaseKeys({
    mark: view.payload ? () => workbench.current?.show(0) : undefined,
    suggest:
      suggestion && editable ? () => takeSuggestion(draft, suggestion) : cure && (() => take(cure.code, cure.target)),
    dryRun: () => workbench.current?.dryRun(),
    replay: () => workbench.current?.replay(),
    comment: () => comment.current?.focus(),
  });
  return (
    <Page
      title={`Case of ${view.number}`}
      lead={
        <span className="flex flex-wrap items-baseline gap-x-3">
          <StatusMark condition={status.condition} word={status.word} />
          <span>
            stopped at “{view.step}”, <RelativeTime at={view.openedAt} />
          </span>
          {view.amount !== '' && <Money amount={view.amount} currency={view.currency} className="text-text" />}
          {view.open && view.deadline !== '' && <CountdownMark deadline={view.deadline} />}
          <span>
            {view.assignee === '' ? 'unassigned' : view.assignee === view.viewerId ? 'yours' : `${view.assignee}’s`}
          </span>
          <AlsoHere present={present} />
        </span>
      }
      actions={
        <>
          <Link to={transactionPath(view.flow, view.key)} prefetch="intent" className="text-accent hover:underline">
            {view.isOrder ? `Order ${view.number}` : 'What happened'}
            {view.lifecycle && `: ${lifecycleWords(view.lifecycle).word.toLowerCase()}`}
          </Link>
          {view.may.rule && view.isOrder && view.status === 'resolved' && view.payloadVersion > 1 && (
            <Link to={`${rulePath()}?case=${view.caseId}`} className={buttonClass('secondary')}>
              Save as a rule
            </Link>
          )}
          {view.payload !== null && (
            <Hint text="The case as one file for a vendor’s support desk, without personal data and credentials">
              <a href={`${casePath(view.caseId)}/file`} download className={buttonClass('secondary', 'max-sm:hidden')}>
                <FileDown aria-hidden className="size-4 text-muted" /> Case file
              </a>
            </Hint>
          )}
        </>
      }
    >
      {view.progress && <ProgressView progress={view.progress} />}
      {!view.open && view.outcome !== '' && view.progress?.outcome !== 'resolved' && (
        <Notice kind={status.condition === 'good' ? 'good' : 'info'} title={capital(status.word)}>
          {view.outcome}
        </Notice>
      )}
      <div className="grid gap-4 md:grid-cols-[280px_minmax(0,1fr)] lg:grid-cols-[280px_minmax(0,1fr)_300px]">
        <div className="flex min-w-0 flex-col gap-4">
          <Why view={view} onShow={view.payload ? (index) => workbench.current?.show(index) : undefined} />
          {view.alike > 0 && (
            <Link
              to={`/quarantine?group=${view.fingerprint}`}
              className="rounded border border-line bg-raised px-3 py-2 hover:bg-hover"
            >
              {formatNumber(view.alike)} other open {view.alike === 1 ? 'case has' : 'cases have'} the same cause
            </Link>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-lg:md:col-start-2 max-md:order-3">
          {draft ? (
            <Workbench view={view} draft={draft} mappings={mappings} handle={workbench} />
          ) : (
            <Panel title="Payload">
              {view.payload === null ? (
                <StateNotice kind="info" title="Payloads are not shown to your role">
                  What stopped and what was done is shown; an administrator can give you a role that sees them.
                </StateNotice>
              ) : (
                <StateNotice kind="warn" title="What arrived is no longer kept">
                  It is older than the retention of payloads. The case can still be replayed or discarded.
                </StateNotice>
              )}
            </Panel>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-lg:md:col-start-2 max-md:contents">
          <div className="flex flex-col gap-4 empty:hidden max-md:order-2">
            {view.approval && <ApprovalPanel view={view} approval={view.approval} />}
            {view.open && view.may.work && view.missing.length > 0 && (
              <Panel title="Suggested repair">
                <div className="flex flex-col gap-4">
                  {view.missing.map((missing) => (
                    <MappingForm
                      key={mappingId(missing)}
                      missing={missing}
                      number={view.number}
                      target={targets[mappingId(missing)] ?? ''}
                      onTarget={(target) => setTargets({ ...targets, [mappingId(missing)]: target })}
                      mayWrite={view.may.map}
                    />
                  ))}
                </div>
              </Panel>
            )}
            {editable && <SuggestedChanges suggestions={suggestions} draft={draft} />}
            <Cures cures={view.cures} onTake={take} />
          </div>
          <div className="flex flex-col gap-4 max-md:order-4">
            <CaseActions view={view} comment={comment} />
            <StoryView story={view.story} />
          </div>
        </div>
      </div>
    </Page>
  );
}
