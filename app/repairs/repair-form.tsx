import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import type { PatchOperation, Repair } from '#contracts/v1/repair.ts';
import { Button } from '#app/components/button.tsx';
import { TextArea } from '#app/components/field.tsx';
import { Segmented } from '#app/components/segmented.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { RepairResult } from '#app/commands/repair.ts';
import { PatchEditor } from './patch-editor.tsx';
import { MappingFields, type MappingChoices } from './mapping-fields.tsx';
import { repairsPath } from './paths.ts';

type Kind = Repair['kind'];

const explained: Record<Kind, string> = {
  patch: 'Each payload gets a new version with these changes; what arrived stays as it is.',
  mapping: 'The mapping is added once, when the replays are started, and holds for orders to come as well.',
  none: 'For a cause that was cured elsewhere: the cases go on with the payload they have.',
};

/** What the form begins with. */
export interface RepairDraft {
  kind: Kind;
  operations: readonly PatchOperation[];
  /** The mapping whose absence is the cause, if that is what it is. */
  missing: { kind: string; system: string; code: string } | undefined;
  reason: string;
}

/** What is to be done to many cases; sending it tries it without effects and leads to the run's page. */
export function RepairForm(props: {
  target: { cause: string } | { cases: readonly string[] };
  /** Absent where the role may not add a mapping. */
  choices: MappingChoices | undefined;
  draft: RepairDraft;
}) {
  const fetcher = useFetcher<RepairResult>();
  const [kind, setKind] = useState<Kind>(
    props.choices === undefined && props.draft.kind === 'mapping' ? 'patch' : props.draft.kind,
  );
  const busy = fetcher.state !== 'idle';
  const kinds: readonly (readonly [Kind, string])[] = [
    ['patch', 'Correct the payload'],
    ...(props.choices === undefined ? [] : ([['mapping', 'Add a mapping']] as const)),
    ['none', 'Try again as it is'],
  ];
  return (
    <fetcher.Form method="post" action={`${repairsPath}/new`} className="flex max-w-4xl flex-col gap-4">
      {'cause' in props.target ? (
        <input type="hidden" name="cause" value={props.target.cause} />
      ) : (
        <input type="hidden" name="cases" value={JSON.stringify(props.target.cases)} />
      )}
      <Segmented name="kind" label="Repair" choices={kinds} value={kind} onChange={setKind} />
      <p className="text-muted">
        {explained[kind]}
        {props.choices === undefined &&
          props.draft.kind === 'mapping' &&
          ' A mapping is missing here: your role may not add one, support can.'}
      </p>
      {kind === 'patch' && <PatchEditor operations={props.draft.operations} />}
      {kind === 'mapping' && props.choices !== undefined && (
        <MappingFields choices={props.choices} missing={props.draft.missing} />
      )}
      <TextArea
        label="Why"
        name="reason"
        required
        maxLength={1_000}
        rows={2}
        defaultValue={props.draft.reason}
        note="Stays with each case."
      />
      {!busy && fetcher.data?.ok === false && <Notice kind="bad">{fetcher.data.message}</Notice>}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={busy}>
          Try it on all of them
        </Button>
        <span className="text-muted">Nothing is sent yet.</span>
      </div>
    </fetcher.Form>
  );
}
