import { fingerprint as fingerprintForm } from '#contracts/v1/cause.ts';
import type { PatchOperation } from '#contracts/v1/repair.ts';
import { type CaseFilter, readCaseFilter } from '#app/cases/filters.ts';
import { caseGroups, caseList } from '#app/queries/case-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';
import { titleOf } from './case-list.ts';
import { readCase } from './case-page.ts';
import { mappingChoices } from './mapping-choices.ts';

const openOf = ({ estate }: AppContext, cause: string) =>
  readCaseFilter(new URLSearchParams({ group: cause }), estate, '', { muted: [], held: [] });

/** The field of the received payload that is wrong in one of the cases, for any line; empty where none is named. */
async function wrongField(context: AppContext, filter: CaseFilter): Promise<string> {
  const urgent = caseList({ sort: 'urgency', descending: false });
  const [row] = await context.read(urgent, { ...filter, limit: 1, offset: 0 });
  const [problem] = (await readCase(context, row?.case_id ?? '')).at(-1)?.state.problems ?? [];
  return problem?.document === 'received' ? problem.path.replace(/\/\d+(?=\/|$)/g, '/*') : '';
}

/**
 * What a repair of a whole cause begins with: the field that is wrong, the mapping that is missing, or the repair of an
 * earlier run. @throws Response 404 where no case of the cause is open
 */
export async function presentNewRepair(context: AppContext, search: URLSearchParams) {
  const cause = fingerprintForm.safeParse(search.get('cause')).data;
  const names = estateNames(context.estate);
  const filter = openOf(context, cause ?? '');
  const [group] = cause === undefined ? [] : await context.read(caseGroups, { ...filter, limit: 1, offset: 0 });
  if (cause === undefined || group === undefined)
    throw new Response('No case of this cause is open any more.', { status: 404 });
  const like = await context.repairRuns.get(search.get('like') ?? '');
  const missing =
    group.missing_code === ''
      ? undefined
      : { kind: group.missing_kind, system: group.missing_system, code: group.missing_code };
  const path = await wrongField(context, filter);
  const operations: PatchOperation[] =
    like?.repair.kind === 'patch' ? like.repair.operations : [{ op: 'replace', path, value: '' }];
  return {
    fingerprint: cause,
    title: titleOf(group, names),
    cases: group.cases,
    choices: mappingChoices(names),
    draft: {
      kind: like?.repair.kind ?? (missing === undefined ? ('patch' as const) : ('mapping' as const)),
      operations,
      missing,
      reason: like?.reason ?? '',
    },
  };
}
