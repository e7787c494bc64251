import { useFetcher } from '@remix-run/react';
import { Button } from '#app/components/button.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import { TargetField } from '#app/mappings/target-field.tsx';
import type { CaseView } from '#app/presenters/case-page.ts';
import { mappingKindInWords } from './causes.ts';

export type MissingMapping = CaseView['missing'][number];
export const mappingId = (missing: Pick<MissingMapping, 'kind' | 'system' | 'code'>): string =>
  `${missing.kind}/${missing.system}/${missing.code}`;

interface MappingFormProps {
  missing: MissingMapping;
  number: string;
  target: string;
  onTarget: (target: string) => void;
  mayWrite: boolean;
}

/** The mapping whose absence stopped the order, prefilled but for what only a person knows. */
export function MappingForm({ missing, number, target, onTarget, mayWrite }: MappingFormProps) {
  const fetcher = useFetcher<CaseResult>();
  const busy = fetcher.state !== 'idle';
  const kind = mappingKindInWords(missing.kind);
  const result = busy ? undefined : fetcher.data;
  return (
    <fetcher.Form method="post" className="flex flex-col gap-2">
      <p className="font-medium">{missing.target === '' ? 'Add the missing mapping' : `Mapped to ${missing.target}`}</p>
      <p className="text-muted">
        {missing.systemName}’s own code for the {kind}{' '}
        <span className="font-mono text-[12px] text-text">{missing.code}</span>
      </p>
      <input type="hidden" name="intent" value="mapping" />
      <input type="hidden" name="kind" value={missing.kind} />
      <input type="hidden" name="system" value={missing.system} />
      <input type="hidden" name="code" value={missing.code} />
      <input type="hidden" name="note" value={`Needed by ${number}.`} />
      <TargetField
        label={`${kind.charAt(0).toUpperCase() + kind.slice(1)} in ${missing.systemName}`}
        known={missing.targets}
        value={target}
        onChange={(event) => onTarget(event.target.value)}
      />
      {result && (
        <Notice kind={result.ok ? 'good' : 'bad'}>
          {result.ok ? `${result.message} Replay to let the order go on.` : result.message}
        </Notice>
      )}
      {mayWrite ? (
        <Button type="submit" look="secondary" busy={busy} disabled={target.trim() === ''}>
          {missing.target === '' ? 'Add mapping' : 'Change mapping'}
        </Button>
      ) : (
        <p className="text-label text-muted">Your role may try a mapping in a dry run, not add it.</p>
      )}
    </fetcher.Form>
  );
}
