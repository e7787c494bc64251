import type { CaseProblem } from '#contracts/v1/case.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { mappingId } from './mapping-form.tsx';

/** The contract's words about a field, then the flow's about the others. */
export const together = (contract: readonly CaseProblem[], flow: readonly CaseProblem[]): CaseProblem[] => [
  ...contract,
  ...flow.filter((one) => !contract.some(({ document, path }) => document === one.document && path === one.path)),
];

/** What is still wrong once the mappings that exist by now are counted. */
export function withoutMapped(problems: CaseView['problems'], missing: CaseView['missing']): CaseView['problems'] {
  const mapped = new Set(missing.filter((one) => one.target !== '').map(mappingId));
  return problems.filter(
    (problem) => problem.missing_mapping === undefined || !mapped.has(mappingId(problem.missing_mapping)),
  );
}
