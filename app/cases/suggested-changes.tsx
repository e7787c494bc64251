import { Link, useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { formatNumber } from '#app/format.ts';
import { casePath } from '#app/orders/paths.ts';
import { applyRepairs } from '#app/payloads/apply-repair.ts';
import type { SuggestionsAnswer } from '#app/routes/quarantine.$caseId.suggestions.ts';
import { rulePath } from '#app/rules/paths.ts';
import type { PayloadDraft } from './payload-draft.ts';
import { repairWords, type Suggestion } from './suggestions.ts';

/** What cured this cause before and fits this payload; asked for once a cause, since it reads old payloads. */
export function useSuggestions(caseId: string, fingerprint: string, wanted: boolean): readonly Suggestion[] {
  const { load, data } = useFetcher<SuggestionsAnswer>();
  useEffect(() => {
    if (wanted) load(`${casePath(caseId)}/suggestions`);
  }, [load, caseId, fingerprint, wanted]);
  return data?.suggestions ?? none;
}

const none: readonly Suggestion[] = [];

/** Puts a suggestion into the text; nothing is sent. */
export const takeSuggestion = (draft: PayloadDraft, { repairs }: Suggestion): void =>
  draft.edit(applyRepairs(draft.text, repairs));

/** Changes that cured this cause before, to be taken into the text with one click. */
export function SuggestedChanges({ suggestions, draft }: { suggestions: readonly Suggestion[]; draft: PayloadDraft }) {
  if (suggestions.length === 0) return null;
  return (
    <Panel title="Suggested change">
      <ul className="flex flex-col gap-3">
        {suggestions.map((suggestion) => (
          <li key={`${suggestion.rule?.id ?? ''}${JSON.stringify(suggestion.repairs)}`} className="flex flex-col gap-1">
            <WhySuggested suggestion={suggestion} />
            <ul className="text-muted">
              {suggestion.repairs.map((repair) => (
                <li key={JSON.stringify(repair)} className="break-words">
                  {repairWords(repair)}
                </li>
              ))}
            </ul>
            {suggestion.repairs.length === 0 ? null : applyRepairs(draft.text, suggestion.repairs) === draft.text ? (
              <p className="text-label text-good">● In your text</p>
            ) : (
              <Button className="self-start" onClick={() => takeSuggestion(draft, suggestion)}>
                Put it into the text
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function WhySuggested({ suggestion: { rule, cured } }: { suggestion: Suggestion }) {
  if (rule === undefined)
    return (
      <p className="font-medium">
        Cured {formatNumber(cured)} {cured === 1 ? 'case' : 'cases'} before
      </p>
    );
  return (
    <>
      <p className="font-medium break-words">
        The rule{' '}
        <Link to={rulePath(rule.id)} className="text-accent hover:underline">
          {rule.name}
        </Link>{' '}
        would cure this
      </p>
      <p className="text-muted">The order is worth more than a rule may move by itself, so it is left to you.</p>
    </>
  );
}
