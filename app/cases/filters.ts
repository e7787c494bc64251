import { caseStatus, caseTag } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import type { CausesNow } from '#app/presenters/causes-now.ts';
import { type CaseFilter, ratesOfFilter } from '#app/queries/case-filter.ts';
import type { RatesInForce } from '#platform/rates.ts';

const mutedChoices = ['hide', 'show', 'only'] as const;
export const caseScopes = ['open', 'closed', 'all'] as const;

/** Names as they may stand in steps, systems and fingerprints. */
const token = /^[\w.:-]{1,200}$/;

/**
 * The filters of an address; `mine` becomes the viewer. Cases of muted causes are left out unless the address asks for
 * them or for the cases of one cause.
 */
export function readCaseFilter(
  search: URLSearchParams,
  estate: Pick<Estate, 'systems'>,
  rates: RatesInForce,
  viewerId: string,
  causes: Pick<CausesNow, 'muted' | 'held'>,
): CaseFilter {
  const known = <T extends string>(name: string, values: readonly T[]) =>
    search.getAll(name).flatMap((value) => values.filter((one) => one === value));
  const tokens = (name: string) =>
    search
      .getAll(name)
      .filter((value) => token.test(value))
      .slice(0, 50);
  const systems = estate.systems.map(({ id }) => id);
  const forMe = search.get('for');
  const assignee = (search.get('assignee') ?? '').slice(0, 200);
  const group = search.get('group') ?? '';
  const fingerprint = token.test(group) ? group : '';
  return {
    state: caseScopes.find((one) => one === search.get('state')) ?? 'open',
    statuses: known('status', caseStatus.options),
    assignee: assignee === 'mine' ? viewerId : assignee,
    steps: tokens('step'),
    classes: known('class', errorClass.options),
    systems: known('system', systems),
    lacking: known('lacking', systems),
    fingerprint,
    muted: known('muted', mutedChoices)[0] ?? (fingerprint === '' ? 'hide' : 'show'),
    muted_causes: causes.muted,
    on_hold: known('held', ['only', 'hide'])[0] ?? '',
    held_causes: causes.held,
    tags: search.getAll('tag').filter((tag) => caseTag.safeParse(tag).success),
    mentions: forMe === 'mentions' ? viewerId : '',
    approver: forMe === 'approval' ? viewerId : '',
    search: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
    ...ratesOfFilter(rates),
  };
}
