import { fingerprint as fingerprintForm } from '#contracts/v1/cause.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { causeOf } from '#app/cases/causes.ts';
import { maskText } from '#app/payloads/mask.ts';
import { curesBefore } from '#app/queries/case-history.ts';
import { caseGroups } from '#app/queries/case-figures.ts';
import { ratesOfFilter } from '#app/queries/case-filter.ts';
import { caseList } from '#app/queries/case-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords, systemName } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';
import { presentCaseRow, problemOf } from './case-list.ts';
import { presentCures } from './case-page.ts';
import { readTrends } from './cause-trends.ts';
import { readCausesNow } from './causes-now.ts';
import { readDescribedCauses } from './described-causes.ts';
import { ratesInWords } from './money-sum.ts';

/** Cases shown on the cause's own page; the rest are behind its link. */
const mostUrgent = 8;

/** Everything the page of a cause shows. @throws Response 404 where no case ever had it */
export async function presentCause(context: AppContext, viewer: Viewer, fingerprint: string) {
  if (!fingerprintForm.safeParse(fingerprint).success) throw unknown();
  const { estate, read } = context;
  const rates = context.rates.today();
  const now = new Date(Math.floor(context.now().getTime() / 1_000) * 1_000).toISOString();
  const filter = {
    statuses: [],
    assignee: '',
    steps: [],
    classes: [],
    systems: [],
    fingerprint,
    search: '',
    ...ratesOfFilter(rates),
  };
  const open = { ...filter, state: 'open' as const };
  const one = { limit: 1, offset: 0, now };
  const urgent = caseList({ sort: 'urgency', descending: false });
  const [[all], [count], described, rows, cures, trends, causes] = await Promise.all([
    read(caseGroups, { ...filter, state: 'all', ...one }),
    read(caseGroups, { ...open, ...one }),
    readDescribedCauses(context, [fingerprint]),
    read(urgent, { ...open, limit: mostUrgent, offset: 0 }),
    read(curesBefore, { fingerprint, case_id: '' }),
    readTrends(context, [fingerprint]),
    readCausesNow(context),
  ]);
  const [ever] = all?.page ?? [];
  const [waiting] = count?.page ?? [];
  const cause = described.get(fingerprint);
  if (ever === undefined || cause === undefined) throw unknown();
  const names = estateNames(estate);
  // What still waits says best where the cause stops orders now.
  const told = { ...cause, ...(waiting ?? ever) };
  const first = problemOf(told);
  // The field is the same in every case, the line it stands in is not.
  const path = first.path.replace(/\/\d+(?=\/|$)/g, '').replace(/\[\d+\]/g, '[1]');
  const problem = { ...first, path, message: inWords(maskText(told.error_message), names) };
  const { title, happened, remedy, where } = causeOf(problem, {
    subject: 'Each of these',
    system: told.system,
    systemName: (id) => systemName(names, id),
  });
  return {
    fingerprint,
    title,
    happened,
    remedy,
    where,
    errorClass: told.error_class,
    step: stepLabel(told.step),
    system: systemName(names, told.system),
    trend: trends.get(fingerprint) ?? ('known' as const),
    open: count?.cases ?? 0,
    late: count?.late ?? 0,
    unassigned: waiting?.unassigned ?? 0,
    ever: ever.cases,
    value: count?.value ?? '0',
    currency: estate.reporting_currency,
    rates: ratesInWords(rates),
    nextDeadline: waiting?.next_deadline ?? '',
    firstAt: ever.first_at,
    lastAt: ever.last_at,
    urgent: rows.map((row) => presentCaseRow(row, names)),
    cures: presentCures(cures, names),
    standing: causes.of(fingerprint),
    owners: [...new Set([viewer.email, ...causes.owners])],
    viewerId: viewer.email,
    mayWork: may(viewer.roles, 'cases.work'),
    mayRule: may(viewer.roles, 'rules.write'),
    mayReplay: may(viewer.roles, 'cases.replay'),
  };
}

export type CausePageView = Awaited<ReturnType<typeof presentCause>>;

const unknown = () => new Response('There is no such cause.', { status: 404 });
