import { z } from 'zod';
import { causeChange, causeState, fingerprint } from '#contracts/v1/cause.ts';
import { presentGroup } from '#app/presenters/case-list.ts';
import { readTrends } from '#app/presenters/cause-trends.ts';
import { readCausesNow } from '#app/presenters/causes-now.ts';
import { describeGroups } from '#app/presenters/described-causes.ts';
import { caseGroups } from '#app/queries/case-figures.ts';
import { estateNames } from '#app/words/names.ts';
import { caseFilters, filterOf, nowOf, totals, totalsOf } from './case-reading.ts';
import { operation, pageOf, paging } from './operation.ts';
import { command, done } from './reply.ts';

const text = z.string();
const listedCause = z.object({
  fingerprint: text,
  cases: z.int(),
  value: text,
  trend: z.enum(['escalating', 'regressed', 'new', 'known']),
  /** In words a support agent uses. */
  cause: text,
  message: text,
  where: text,
  step: text,
  system: text,
  error_class: text,
  error_code: text,
  first_at: text,
  last_at: text,
  next_deadline: text,
  unassigned: z.int(),
  /** A mute may be decided and be over. */
  muted: z.boolean(),
  /** What people decided about it; absent where nobody has, and a change then names revision 0. */
  decided: causeState.optional(),
});

const listCauses = operation({
  method: 'GET',
  path: '/api/v1/causes',
  tag: 'Causes',
  summary: 'Cases by cause',
  description: 'A cause’s count is the length of the list of cases with the same filters and `group`.',
  scope: 'cases.read',
  query: { ...caseFilters, ...paging },
  answer: { name: 'CauseList', schema: z.object({ causes: z.array(listedCause), ...totals }) },
  handle: async ({ services, actor, query }) => {
    const filter = await filterOf(services, query, actor.id);
    const { page, per_page, offset } = pageOf(query);
    const [count, now] = await Promise.all([
      services.read(caseGroups, { ...filter, limit: per_page, offset, now: nowOf(services) }),
      readCausesNow(services),
    ]);
    const names = estateNames(services.estate);
    const listed = count.flatMap(({ page }) => page);
    const [groups, trends] = await Promise.all([
      describeGroups(services, listed),
      readTrends(
        services,
        listed.map(({ fingerprint }) => fingerprint),
      ),
    ]);
    return {
      causes: groups.map((group) => {
        const { fingerprint } = group;
        const standing = now.of(fingerprint);
        const presented = presentGroup(group, trends.get(fingerprint) ?? 'known', standing, names);
        const { cause, message, where, trend } = presented;
        const { cases, value, step, system, error_class, error_code, first_at, last_at } = group;
        const known = services.causes.get(fingerprint);
        return {
          ...{ fingerprint, cases, value, trend, cause, message, where, step, system },
          ...{ error_class, error_code, first_at, last_at },
          next_deadline: group.next_deadline,
          unassigned: group.unassigned,
          muted: standing.mute?.holds === true,
          ...(known === undefined ? {} : { decided: known }),
        };
      }),
      ...totalsOf(services, count),
      page,
      per_page,
    };
  },
});

const changeCause = operation({
  method: 'POST',
  path: '/api/v1/causes/:id/change',
  tag: 'Causes',
  summary: 'Own, note, hold or mute a cause',
  scope: 'cases.work',
  id: { description: 'Fingerprint of a cause', schema: fingerprint },
  body: { name: 'CauseChange', schema: z.strictObject({ revision: z.int().nonnegative(), change: causeChange }) },
  answer: done,
  handle: (call) => command(call, 'cause.change', { ...call.body, actor: call.actor, fingerprint: call.id }),
});

export const causeOperations = [listCauses, changeCause];
