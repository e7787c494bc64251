import { fingerprint as fingerprintForm } from '#contracts/v1/cause.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { PatchOperation } from '#contracts/v1/repair.ts';
import { caseGroups } from '#app/queries/case-figures.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames } from '#app/words/names.ts';
import { titleOf } from './case-list.ts';
import { describeGroups } from './described-causes.ts';
import { mappingChoices } from './mapping-choices.ts';
import { openOf, wrongField } from './wrong-field.ts';

/**
 * What a repair of a whole cause begins with: the field that is wrong, the mapping that is missing, or the repair of an
 * earlier run. @throws Response 404 where no case of the cause is open
 */
export async function presentNewRepair(context: AppContext, viewer: Viewer, search: URLSearchParams) {
  const cause = fingerprintForm.safeParse(search.get('cause')).data;
  const names = estateNames(context.estate);
  const filter = openOf(context, cause ?? '');
  const now = context.now().toISOString();
  const [figures] = cause === undefined ? [] : await context.read(caseGroups, { ...filter, now, limit: 1, offset: 0 });
  const [group] = await describeGroups(context, figures?.page ?? []);
  if (cause === undefined || group === undefined)
    throw new Response('No case of this cause is open any more.', { status: 404 });
  const like = await context.repairRuns.get(search.get('like') ?? '');
  const missing =
    group.missing_code === ''
      ? undefined
      : { kind: group.missing_kind, system: group.missing_system, code: group.missing_code };
  const operations: PatchOperation[] =
    like?.repair.kind === 'patch' ? like.repair.operations : [await wrongField(context, cause)];
  return {
    fingerprint: cause,
    title: titleOf(group, names),
    cases: group.cases,
    choices: may(viewer.roles, 'mappings.write') ? mappingChoices(names) : undefined,
    draft: {
      kind: like?.repair.kind ?? (missing === undefined ? ('patch' as const) : ('mapping' as const)),
      operations,
      missing,
      reason: like?.reason ?? '',
    },
  };
}
