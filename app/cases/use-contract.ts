import { useMemo } from 'react';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Expected } from '#app/editor/complete-at.ts';
import { usePayloadSchema, useSchemaProblems } from '#app/editor/use-payload-schema.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { knownCodes } from './known-codes.ts';
import type { PayloadDraft } from './payload-draft.ts';

/** What the engine reads of such a payload: what in the draft it would not take, and what may be written where. */
export function useContract(
  view: CaseView,
  { text, dirty, payload }: PayloadDraft,
  editable: boolean,
): { unlike: CaseProblem[]; expected: Expected } {
  const contract = usePayloadSchema(view.schema, editable);
  const unlike = useSchemaProblems(text, contract, dirty);
  const expected = useMemo(
    () => ({ contract, codes: knownCodes(view.problems, view.missing, payload.current, payload.canonical) }),
    [contract, view.problems, view.missing, payload],
  );
  return { unlike, expected };
}
