import type { Viewer } from '#app/auth/viewer.ts';
import type { Chip } from '#app/components/chips.tsx';
import { readListAddress } from '#app/components/table-address.ts';
import { causeOf } from '#app/cases/causes.ts';
import { type Trend } from '#app/cases/trend.ts';
import { readCaseFilter } from '#app/cases/filters.ts';
import { casePageSize } from '#app/cases/paths.ts';
import { presentWords } from '#app/presence/present.ts';
import { maskText } from '#app/payloads/mask.ts';
import { pointerInWords } from '#app/payloads/pointer.ts';
import { caseFigures, caseGroupFigures } from '#app/queries/case-figures.ts';
import type { CaseFilter } from '#app/queries/case-filter.ts';
import { caseList, caseSorts, type CaseRow } from '#app/queries/case-list.ts';
import type { AppContext } from '#app/server/context.ts';
import { mappingChoices } from './mapping-choices.ts';
import { readTrends } from './cause-trends.ts';
import { ratesInWords } from './money-sum.ts';
import { readCausesNow, type Standing } from './causes-now.ts';
import { type DescribedGroup, describeGroups } from './described-causes.ts';
import { caseStatusWords } from '#app/words/cases.ts';
import { estateNames, inWords, systemName, type EstateNames } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';
import { type CaseProblem, caseStatus } from '#contracts/v1/case.ts';
import { may } from '#contracts/v1/permissions.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { runbooks } from '#app/runbooks/runbooks.ts';

/** One case of the inbox, ready to be shown. */
export interface CaseListItem {
  id: string;
  revision: number;
  key: string;
  number: string;
  cause: string;
  message: string;
  where: string;
  step: string;
  system: string;
  channel: string;
  status: CaseRow['status'];
  assignee: string;
  amount: string;
  currency: string;
  /** Empty once the case is closed. */
  deadline: string;
  timesFailed: number;
  openedAt: string;
  closedAt: string;
  outcome: string;
  fingerprint: string;
  tags: string[];
}

/** A case of the inbox with the colleagues who have it open. */
export interface InboxItem extends CaseListItem {
  present: string[];
}

export type Failure = Pick<
  CaseRow,
  | 'error_class'
  | 'error_code'
  | 'error_path'
  | 'error_message'
  | 'system'
  | 'missing_kind'
  | 'missing_system'
  | 'missing_code'
>;

/** The first problem of a case as its row tells it. */
export const problemOf = (failure: Failure): CaseProblem => ({
  error_class: failure.error_class,
  error_code: failure.error_code,
  path: failure.error_path,
  document: 'received',
  message: failure.error_message,
  ...(failure.missing_code === ''
    ? {}
    : { missing_mapping: { kind: failure.missing_kind, system: failure.missing_system, code: failure.missing_code } }),
});

/** What a failure is called: “A tax code is not mapped”. */
export const titleOf = (failure: Failure, names: EstateNames): string =>
  causeOf(problemOf(failure), { subject: '', system: failure.system, systemName: (id) => systemName(names, id) }).title;

export function presentCaseRow(row: CaseRow, names: EstateNames): CaseListItem {
  return {
    id: row.case_id,
    revision: row.revision,
    key: row.key,
    number: row.business_key,
    cause: titleOf(row, names),
    message: inWords(maskText(row.error_message), names),
    where: pointerInWords(row.error_path),
    step: stepLabel(row.step),
    system: systemName(names, row.system),
    channel: names.channels[row.channel]?.name ?? row.channel,
    status: row.status,
    assignee: row.assignee,
    amount: row.currency === '' ? '' : row.amount,
    currency: row.currency,
    deadline: row.is_open ? row.deadline : '',
    timesFailed: row.times_failed,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    outcome: inWords(row.outcome, names),
    fingerprint: row.fingerprint,
    tags: row.tags,
  };
}

export interface CaseGroupItem extends Omit<DescribedGroup, 'step' | 'system'> {
  trend: Trend;
  standing: Standing;
  cause: string;
  message: string;
  where: string;
  step: string;
  system: string;
}

/** A group of cases, ready to be shown. */
export function presentGroup(
  group: DescribedGroup,
  trend: Trend,
  standing: Standing,
  names: EstateNames,
): CaseGroupItem {
  return {
    ...group,
    trend,
    standing,
    cause: titleOf(group, names),
    message: inWords(maskText(group.error_message), names),
    where: pointerInWords(group.error_path),
    step: stepLabel(group.step),
    system: systemName(names, group.system),
  };
}

export async function caseListQuestion(search: URLSearchParams, viewer: Viewer, context: AppContext) {
  const causes = await readCausesNow(context);
  const filter = readCaseFilter(search, context.estate, context.rates.today(), viewer.email, causes);
  const address = readListAddress(search, caseSorts);
  const sort = caseSorts.find((one) => one === address.sort?.id) ?? 'urgency';
  return {
    causes,
    filter,
    page: address.page,
    query: caseList({ sort, descending: address.sort?.descending ?? false }),
  };
}

export async function presentCaseList(context: AppContext, viewer: Viewer, search: URLSearchParams) {
  const { causes, filter, page, query } = await caseListQuestion(search, viewer, context);
  const names = estateNames(context.estate);
  const grouped = search.get('by') === 'cause';
  const paging = { limit: casePageSize, offset: (page - 1) * casePageSize };
  const now = new Date(Math.floor(context.now().getTime() / 1_000) * 1_000).toISOString();
  const [rows, [listFigures], [groupFigures]] = await Promise.all([
    grouped ? [] : context.read(query, { ...filter, ...paging }),
    grouped ? [] : context.read(caseFigures, { ...filter, now }),
    grouped ? context.read(caseGroupFigures, { ...filter, ...paging, now }) : [],
  ]);
  const figures = groupFigures ?? listFigures;
  const listed = groupFigures?.page ?? [];
  const [groups, trends] = await Promise.all([
    describeGroups(context, listed),
    readTrends(
      context,
      listed.map(({ fingerprint }) => fingerprint),
      filter.state === 'closed'
        ? undefined
        : new Map(listed.map(({ fingerprint, open_since }) => [fingerprint, open_since])),
    ),
  ]);
  const choices = (values: readonly string[] | undefined, label: (value: string) => string) =>
    [...(values ?? [])]
      .filter((value) => value !== '')
      .sort()
      .map((value) => ({ value, label: label(value) }));
  return {
    grouped,
    may: {
      work: may(viewer.roles, 'cases.work'),
      discard: may(viewer.roles, 'cases.discard'),
      replay: may(viewer.roles, 'cases.replay'),
    },
    mappingChoices: may(viewer.roles, 'mappings.write') ? mappingChoices(names) : undefined,
    viewerId: viewer.email,
    owners: [...new Set([viewer.email, ...causes.owners, ...(figures?.assignees ?? [])])].filter((id) => id !== ''),
    items: rows.map((row) => ({
      ...presentCaseRow(row, names),
      present: context.presence.at(row.case_id, viewer.email).map(presentWords),
    })),
    groups: groups.map((group) => {
      const trend = trends.get(group.fingerprint) ?? 'known';
      return presentGroup(group, trend, causes.of(group.fingerprint), names);
    }),
    page,
    total: figures?.cases ?? 0,
    groupTotal: figures?.groups ?? 0,
    value: figures?.value ?? '0',
    oldest: figures?.oldest ?? '',
    late: figures?.late ?? 0,
    nextBreach: figures?.next_breach ?? '',
    currency: context.estate.reporting_currency,
    rates: ratesInWords(context.rates.today()),
    /** The one cause whose cases these are, where the address names it. */
    cause: filter.fingerprint === '' ? undefined : causes.of(filter.fingerprint),
    /** What the same filters leave of muted causes: not in `total` where hidden, a part of it otherwise. */
    muted: { choice: filter.muted ?? 'show', causes: figures?.muted_groups ?? 0, cases: figures?.muted_cases ?? 0 },
    scope: filter.state,
    filtered: caseChips(filter, viewer, names).length > 0,
    chips: caseChips(filter, viewer, names),
    options: {
      statuses: caseStatus.options.map((value) => ({ value, label: caseStatusWords(value).word })),
      steps: choices(figures?.steps, stepLabel),
      classes: choices(figures?.classes, classInWords),
      muted: mutedOptions,
      held: heldOptions,
      tags: choices(figures?.tags, (value) => value),
      forMe: [
        { value: 'mentions', label: forMeWords.mentions },
        ...(may(viewer.roles, 'cases.approve') ? [{ value: 'approval', label: forMeWords.approval }] : []),
      ],
      systems: choices(figures?.systems, (value) => systemName(names, value)),
      assignees: [
        { value: 'mine', label: 'Mine' },
        { value: 'nobody', label: 'Nobody’s' },
        ...choices(
          figures?.assignees.filter((id) => id !== viewer.email),
          (value) => value,
        ),
      ],
    },
  };
}

/** A class of failure by the title of its runbook. */
const classInWords = (value: string): string => {
  const known = errorClass.safeParse(value).data;
  return known === undefined ? value : runbooks[known].title;
};

const forMeWords = { mentions: 'Mentions me', approval: 'Waiting for my approval' } as const;

function caseChips(filter: CaseFilter, viewer: Viewer, names: EstateNames): Chip[] {
  const assignee = filter.assignee === viewer.email ? 'mine' : filter.assignee;
  return [
    ...filter.statuses.map((value) => ({ name: 'status', value, label: `Status: ${caseStatusWords(value).word}` })),
    ...(assignee === '' ? [] : [{ name: 'assignee', value: assignee, label: `Assignee: ${assignee}` }]),
    ...filter.steps.map((value) => ({ name: 'step', value, label: `Step: ${stepLabel(value)}` })),
    ...filter.classes.map((value) => ({ name: 'class', value, label: `Kind: ${classInWords(value)}` })),
    ...filter.systems.map((value) => ({ name: 'system', value, label: `System: ${systemName(names, value)}` })),
    ...filter.lacking.map((value) => ({ name: 'lacking', value, label: `About: ${systemName(names, value)}` })),
    ...filter.tags.map((value) => ({ name: 'tag', value, label: `Tag: ${value}` })),
    ...(filter.mentions === '' ? [] : [{ name: 'for', value: 'mentions', label: forMeWords.mentions }]),
    ...(filter.approver === '' ? [] : [{ name: 'for', value: 'approval', label: forMeWords.approval }]),
    ...(filter.fingerprint === '' ? [] : [{ name: 'group', value: filter.fingerprint, label: 'One cause' }]),
    ...(filter.on_hold ? [{ name: 'held', value: filter.on_hold, label: heldWords[filter.on_hold] }] : []),
    ...mutedChips(filter),
    ...(filter.search === '' ? [] : [{ name: 'q', value: filter.search, label: `“${filter.search}”` }]),
  ];
}

const mutedWords = { show: 'Muted causes too', only: 'Only muted causes', hide: 'Without muted causes' } as const;
const heldWords = { only: 'Cause on hold', hide: 'Cause not on hold' } as const;
const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
const mutedOptions = optionsOf(mutedWords);
const heldOptions = optionsOf(heldWords);

/** What is so without being asked for has no chip: nothing would change by removing it. */
function mutedChips({ muted = 'show', fingerprint }: CaseFilter): Chip[] {
  const usual = fingerprint === '' ? 'hide' : 'show';
  return muted === usual ? [] : [{ name: 'muted', value: muted, label: mutedWords[muted] }];
}
