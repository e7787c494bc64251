import { z } from 'zod';
import { type CaseEvent, caseEvent, caseState, caseStatus } from '#contracts/v1/case.ts';
import { caseId } from '#contracts/v1/commands.ts';
import { decimal, instant } from '#contracts/v1/primitives.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { causeOf } from '#app/cases/causes.ts';
import { caseScopes, readCaseFilter } from '#app/cases/filters.ts';
import { tellStory } from '#app/cases/story.ts';
import { maskText } from '#app/payloads/mask.ts';
import { presentCaseRow } from '#app/presenters/case-list.ts';
import { readCase } from '#app/presenters/case-page.ts';
import { readCausesNow } from '#app/presenters/causes-now.ts';
import { caseCount } from '#app/queries/case-figures.ts';
import { caseList, caseSorts } from '#app/queries/case-list.ts';
import type { AppServices } from '#app/server/context.ts';
import { estateNames, inWords, systemName } from '#app/words/names.ts';
import { invalid, unknown } from '#platform/http/problem.ts';
import { operation, pageOf, paging } from './operation.ts';
import { maskCase } from './reply.ts';

const token = z.string().regex(/^[\w.:-]{1,200}$/, 'expected a name');

/** The inbox' filters, by the names they have in its address. */
export const caseFilters = {
  state: { description: 'open (where it is not given), closed or all', schema: z.enum(caseScopes) },
  status: { description: 'Status', schema: caseStatus, list: true },
  assignee: { description: 'Whose; `mine` for the client’s own, `nobody`', schema: z.string().min(1).max(200) },
  step: { description: 'Step that failed', schema: token, list: true },
  class: { description: 'Class of error', schema: errorClass, list: true },
  system: { description: 'System concerned', schema: token, list: true },
  group: { description: 'Fingerprint of a cause', schema: token },
  muted: {
    description: 'Cases of muted causes: hide (where neither this nor `group` is given), show, only',
    schema: z.enum(['hide', 'show', 'only']),
  },
  held: { description: 'Cases of causes on hold: only, hide', schema: z.enum(['only', 'hide']) },
  q: { description: 'Part of the order number, the case id or the message', schema: z.string().min(1).max(200) },
} as const;

/** @throws Refused 422 where a system is not in the estate: ignoring it would list what was not asked for. */
export async function filterOf(services: AppServices, query: Readonly<Record<string, unknown>>, actorId: string) {
  const search = new URLSearchParams();
  for (const name of Object.keys(caseFilters))
    for (const value of [query[name]].flat()) if (typeof value === 'string') search.append(name, value);
  const strange = search.getAll('system').filter((id) => !services.estate.systems.some((one) => one.id === id));
  if (strange.length > 0)
    throw invalid(
      'The query is not valid.',
      strange.map((id) => ({ path: 'system', message: `"${id}" is not in this estate` })),
    );
  return readCaseFilter(search, services.estate, services.rates.today(), actorId, await readCausesNow(services));
}

export const nowOf = ({ now }: AppServices): string =>
  new Date(Math.floor(now().getTime() / 1_000) * 1_000).toISOString();

const sorts = caseSorts.flatMap((sort) => (sort === 'urgency' ? [sort] : [sort, `-${sort}` as const]));

/** What a list says about itself. */
export const totals = {
  total: z.int(),
  /** How many causes they have. */
  groups: z.int(),
  /** Order value in the reporting currency. */
  value: z.string(),
  currency: z.string(),
  /** Past their deadline, and when the next one will be; empty where none. */
  late: z.int(),
  next_breach: z.string(),
  oldest: z.string(),
  page: z.int(),
  per_page: z.int(),
};

const text = z.string();
const listedCase = z.object({
  case_id: text,
  revision: z.int(),
  status: caseStatus,
  flow: text,
  key: text,
  business_key: text,
  step: text,
  system: text,
  channel: text,
  legal_entity: text,
  fingerprint: text,
  /** In words a support agent uses. */
  cause: text,
  error_class: errorClass,
  error_code: text,
  error_path: text,
  error_message: text,
  amount: z.union([z.literal(''), decimal]),
  currency: text,
  deadline: z.union([z.literal(''), instant]),
  assignee: text,
  times_failed: z.int(),
  opened_at: instant,
  updated_at: instant,
  closed_at: z.union([z.literal(''), instant]),
  outcome: text,
});

const listCases = operation({
  method: 'GET',
  path: '/api/v1/cases',
  tag: 'Cases',
  summary: 'The inbox',
  description: 'The same filters, orders and figures as in the console. `urgency` is by deadline, then by money.',
  scope: 'cases.read',
  query: {
    ...caseFilters,
    sort: { description: 'Order, `-` for descending; urgency where it is not given', schema: z.enum(sorts) },
    ...paging,
  },
  answer: { name: 'CaseList', schema: z.object({ cases: z.array(listedCase), ...totals }) },
  handle: async ({ services, actor, query }) => {
    const filter = await filterOf(services, query, actor.id);
    const { page, per_page, offset } = pageOf(query);
    const column = query.sort?.replace('-', '');
    const sort = caseSorts.find((one) => one === column) ?? 'urgency';
    const list = caseList({ sort, descending: query.sort?.startsWith('-') ?? false });
    const names = estateNames(services.estate);
    const [rows, count] = await Promise.all([
      services.read(list, { ...filter, limit: per_page, offset }),
      services.read(caseCount, { ...filter, now: nowOf(services) }),
    ]);
    return {
      cases: rows.map((row) => {
        const { is_open: _open, missing_kind: _kind, missing_system: _system, missing_code: _code, ...shown } = row;
        const { cause, message } = presentCaseRow(row, names);
        return {
          ...shown,
          cause,
          error_message: message,
          outcome: inWords(maskText(row.outcome), names),
          amount: row.currency === '' ? '' : row.amount,
        };
      }),
      ...totalsOf(services, count),
      page,
      per_page,
    };
  },
});

export const totalsOf = (services: AppServices, [count]: readonly z.output<typeof caseCount.row>[]) => ({
  total: count?.cases ?? 0,
  groups: count?.groups ?? 0,
  value: count?.value ?? '0',
  currency: services.estate.reporting_currency,
  late: count?.late ?? 0,
  next_breach: count?.next_breach ?? '',
  oldest: count?.oldest ?? '',
});

export const oneCase = { description: 'Id of a case', schema: caseId };

/** @throws Refused 404 */
export async function eventsOf(services: AppServices, id: string): Promise<{ events: CaseEvent[]; last: CaseEvent }> {
  const events = await readCase(services, id);
  const last = events.at(-1);
  if (last === undefined) throw unknown(`There is no case ${id}.`);
  return { events, last };
}

const showCase = operation({
  method: 'GET',
  path: '/api/v1/cases/:id',
  tag: 'Cases',
  summary: 'One case',
  description: 'As it is now, with what is wrong in words and all that was done. `revision` is what a change names.',
  scope: 'cases.read',
  id: oneCase,
  answer: {
    name: 'CaseView',
    schema: z.object({
      case: caseState,
      causes: z.array(z.object({ title: text, happened: text, remedy: text, where: text })),
      timeline: z.array(z.object({ at: instant, type: caseEvent.shape.type, actor: text, did: text, note: text })),
    }),
  },
  handle: async ({ services, id }) => {
    const { events, last } = await eventsOf(services, id);
    const names = estateNames(services.estate);
    const state = maskCase({ services }, last.state);
    const story = tellStory(events);
    return {
      case: state,
      causes: state.problems.map((problem) =>
        causeOf(problem, {
          subject: state.flow === 'order_to_cash' ? `Order ${state.business_key}` : state.business_key,
          system: state.system,
          systemName: (system) => systemName(names, system),
        }),
      ),
      timeline: events.map(({ at, type, actor }, i) => ({
        at,
        type,
        actor,
        did: inWords(story[i]?.did ?? '', names),
        note: inWords(story[i]?.note ?? '', names),
      })),
    };
  },
});

export const caseReading = [listCases, showCase];
