import { useFetcher } from '@remix-run/react';
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Tabs } from '#app/components/tabs.tsx';
import { Money } from '#app/components/values.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import { JsonDiff } from '#app/editor/json-diff.tsx';
import { JsonEditor, useMarkedProblems, type EditorHandle } from '#app/editor/json-editor.tsx';
import { PayloadEditor } from '#app/editor/payload-editor.tsx';
import { placeInReceived } from '#app/payloads/likeness.ts';
import { rangeOfPointer } from '#app/payloads/pointer.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { ChannelsVersion } from './channels-version.tsx';
import { DryRunView } from './dry-run-view.tsx';
import { KeptUntil } from './kept-until.tsx';
import { MergePanel } from './merge-panel.tsx';
import type { PayloadDraft } from './payload-draft.ts';
import { ProblemLine } from './problem-line.tsx';
import { ResultNotice } from './result-notice.tsx';
import { together, withoutMapped } from './shown-problems.ts';
import { StaleDialog } from './stale-dialog.tsx';
import { useContract } from './use-contract.ts';

export interface WorkbenchHandle {
  /** Shows the field of the problem with this index. */
  show(index: number): void;
  dryRun(): void;
  replay(): void;
}

interface WorkbenchProps {
  view: CaseView;
  draft: PayloadDraft;
  /** Mappings somebody has written in but not added. */
  mappings: readonly { kind: string; system: string; code: string; target: string }[];
  handle: Ref<WorkbenchHandle>;
}

const checkAfterMs = 900;

/** Middle column: the payload, what is wrong in it as one types, what changed, a dry run, and the way back. */
export function Workbench({ view, draft, mappings, handle }: WorkbenchProps) {
  const check = useFetcher<CaseResult>();
  const trial = useFetcher<CaseResult>();
  const save = useFetcher<CaseResult>();
  const reveal = useFetcher<CaseResult>();
  const editor = useRef<EditorHandle>(null);
  // Whoever decides about somebody else's correction looks at what it changes.
  const [tab, setTab] = useState(view.approval && view.payloadVersion > 1 ? 'changes' : 'received');
  const [leftStale, setLeftStale] = useState<CaseResult>();
  const { text, dirty, base, payload } = draft;
  const editable = view.open && view.may.work && view.status !== 'replaying';

  const checked = check.state === 'idle' ? check.data?.dryRun : undefined;
  const dryRun = trial.data?.dryRun;
  const found = useMemo(
    () => (checked && dirty ? checked.problems : view.open ? withoutMapped(view.problems, view.missing) : none),
    [checked, dirty, view.open, view.problems, view.missing],
  );
  const canonical = (dirty && checked?.canonical) || payload.canonical;
  const { unlike, expected } = useContract(view, draft, editable);
  const problems = useMemo(
    () => together(unlike, placeInReceived(found, text, canonical)),
    [unlike, found, text, canonical],
  );
  const marks = useMarkedProblems(text, problems, 'received');
  const broken = marks.some((mark) => mark.kind === 'syntax');
  const form = (intent: string): Record<string, string> => ({
    intent,
    revision: String(view.revision),
    mappings: JSON.stringify(mappings),
    ...(dirty ? draft.fields() : { base_version: String(base) }),
  });
  const { submit } = check;
  const fields = useRef(draft.fields);
  useEffect(() => {
    fields.current = draft.fields;
  });
  useEffect(() => {
    if (!dirty || broken || !editable) return undefined;
    const timer = setTimeout(
      () => submit({ intent: 'dry-run', mappings: '[]', ...fields.current() }, { method: 'post' }),
      checkAfterMs,
    );
    return () => clearTimeout(timer);
  }, [text, dirty, broken, editable, base, submit]);
  const shown = reveal.data;
  const applied = useRef<CaseResult>();
  useEffect(() => {
    if (shown?.text === undefined || shown.base === undefined || applied.current === shown) return;
    applied.current = shown;
    draft.reveal(shown.base, shown.text);
  }, [shown, draft]);

  // What this person saved themselves overtakes nobody: the editor goes on from it.
  const saved = save.state === 'idle' && save.data?.ok === true && save.data.intent.startsWith('fix');
  const { overtaken, takeNewest } = draft;
  const taken = useRef<CaseResult>();
  useEffect(() => {
    if (!saved || !overtaken || taken.current === save.data) return;
    taken.current = save.data;
    takeNewest();
  }, [saved, overtaken, takeNewest, save.data]);

  // A dry run that has answered keeps nobody waiting; what was saved does until the page knows the case's new revision.
  const busy = trial.state === 'submitting' || save.state !== 'idle';
  const act = (fetcher: typeof save, intent: string) => () => fetcher.submit(form(intent), { method: 'post' });
  const result = save.state === 'idle' ? save.data : undefined;
  const stale = result?.because === 'stale_payload' && leftStale !== result ? result : undefined;
  const mine = saved && taken.current !== save.data;
  const can = {
    dryRun: view.open && view.may.work && !broken && !busy,
    // A replay that waits for a second person is asked for again only with another payload.
    // A mapping that is only written in would not be there for the replay, whatever the dry run found with it.
    replay:
      view.may.replay &&
      editable &&
      !broken &&
      !busy &&
      !draft.overtaken &&
      (dirty || !view.approval) &&
      mappings.length === 0,
  };
  const dryRunNow = act(trial, 'dry-run');
  const replayNow = act(save, dirty ? 'fix-replay' : 'replay');
  useImperativeHandle(handle, () => ({
    show(index) {
      const [problem] = placeInReceived(view.problems.slice(index, index + 1), text, canonical);
      if (problem === undefined) return;
      setTab(problem.document);
      const range = problem.document === 'received' ? rangeOfPointer(text, problem.path) : undefined;
      if (range) editor.current?.show(range.from);
    },
    dryRun: () => (can.dryRun ? dryRunNow() : undefined),
    replay: () => (can.replay ? replayNow() : undefined),
  }));

  return (
    <>
      <Panel
        title="Payload"
        note={draft.fromChannel ? 'from the channel’s newest version' : versionWords(base, dirty)}
        actions={
          <>
            {payload.hidden > 0 && text.includes('‹hidden') && (
              <>
                <span className="text-label text-muted max-lg:hidden">personal data hidden</span>
                {view.may.reveal && (
                  <Button
                    look="quiet"
                    busy={reveal.state !== 'idle'}
                    onClick={() => reveal.submit({ intent: 'reveal', ...draft.fields() }, { method: 'post' })}
                  >
                    Show it (audited)
                  </Button>
                )}
              </>
            )}
            {dirty && (
              <Button look="quiet" onClick={draft.undo}>
                Undo all
              </Button>
            )}
          </>
        }
      >
        <Tabs
          label="Documents"
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'received',
              label: editable ? 'Received (editable)' : 'Received',
              content: (
                <div className="h-[min(56vh,520px)]">
                  <PayloadEditor
                    received={payload.arrived}
                    text={text}
                    label={`Received payload of ${view.number}`}
                    document="received"
                    problems={problems}
                    readOnly={!editable}
                    onChange={draft.edit}
                    expected={expected}
                    handle={editor}
                  />
                </div>
              ),
            },
            {
              id: 'canonical',
              label: 'Canonical',
              content: (
                <div className="h-[min(56vh,520px)]">
                  {canonical === '' ? (
                    <StateNotice kind="info" title="There is no canonical order yet">
                      The payload could not be understood. It appears here as soon as it can be.
                    </StateNotice>
                  ) : (
                    <JsonEditor
                      text={canonical}
                      label={`Canonical order ${view.number}`}
                      document="canonical"
                      problems={found}
                      readOnly
                    />
                  )}
                </div>
              ),
            },
            {
              id: 'changes',
              label: 'Changes',
              content: (
                <div className="h-[min(56vh,520px)]">
                  <JsonDiff
                    before={payload.arrived}
                    after={text}
                    labels={{ before: 'what arrived', after: 'what would be replayed' }}
                  />
                </div>
              ),
            },
          ]}
        />
        <ProblemLine
          marks={marks}
          checking={dirty && check.state !== 'idle'}
          dirty={dirty}
          onShow={(mark) => editor.current?.show(mark.from)}
        />
        {draft.fromChannel && <ChannelsVersion />}
        {draft.overtaken && !mine && <MergePanel draft={draft} />}
        {view.open && (view.may.work || view.may.replay) && (
          <div className="mt-3 flex flex-wrap items-center gap-2">
            {view.may.work && (
              <Button busy={trial.state !== 'idle'} disabled={!can.dryRun} aria-keyshortcuts="d" onClick={dryRunNow}>
                Dry run
              </Button>
            )}
            {view.may.work && dirty && (
              <Button
                busy={save.state !== 'idle' && save.formData?.get('intent') === 'fix'}
                disabled={broken || busy || !editable || draft.overtaken}
                onClick={act(save, 'fix')}
              >
                Save
              </Button>
            )}
            {view.may.replay && (dirty || !view.approval) && (
              <Button
                look="primary"
                busy={save.state !== 'idle' && save.formData?.get('intent') !== 'fix'}
                disabled={!can.replay}
                aria-keyshortcuts="r"
                onClick={replayNow}
              >
                {dirty ? 'Save and replay' : 'Replay'}
              </Button>
            )}
            <span className="text-label text-muted">
              {view.may.replay && view.secondPersonAbove !== undefined && (
                <>
                  Above <Money amount={view.secondPersonAbove} currency={view.reportingCurrency} whole /> a second
                  person approves the replay.{' '}
                </>
              )}
              {mappings.length > 0
                ? 'The dry run tries the mapping at the side too; nothing is sent. Add the mapping before a replay.'
                : 'A dry run sends nothing.'}
            </span>
          </div>
        )}
        <ResultNotice result={stale ? undefined : result} quiet={['replay', 'fix-replay']} />
        <ResultNotice result={reveal.state === 'idle' && reveal.data?.ok === false ? reveal.data : undefined} />
        <KeptUntil kept={view.kept} />
      </Panel>
      {stale && (
        <StaleDialog
          reason={stale.message}
          revision={view.revision}
          draft={draft}
          onClose={() => setLeftStale(stale)}
        />
      )}
      {trial.data && <DryRunView result={trial.data} run={dryRun} busy={trial.state !== 'idle'} />}
    </>
  );
}

const none: never[] = [];

const versionWords = (version: number, dirty: boolean): string =>
  `version ${version}${version === 1 ? ', as it arrived' : ''}${dirty ? ', edited' : ''}`;
