import { z } from 'zod';
import { errorClass } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import {
  caseFilter,
  joinConditions,
  latestCases,
  mergedOnce,
  mutedCause,
  otherConditions,
  stateConditions,
  worth,
} from './case-filter.ts';
import { instantParam, optionalText } from './columns.ts';

const now = instantParam('now');
const params = z.object({ ...caseFilter, now: z.string() });
const paged = params.extend({ limit: z.number(), offset: z.number() });

/** Figures of one cause, of which its group in a list and the totals of all are made. */
const ofCause = (counted: string) => `
  countIf((${counted}) AS counts) AS cases, sumIf(${worth}, counts) AS value, minIf(opened_at, counts) AS first_at,
  countIf(counts AND deadline < ${now}) AS late, minOrNullIf(deadline, counts AND deadline >= ${now}) AS next_breach`;
const ofGroup = `
  anyIf(step, counts) AS its_step, anyIf(system, counts) AS its_system, anyIf(error_class, counts) AS its_class,
  maxIf(opened_at, counts) AS last_at, minOrNullIf(deadline, counts) AS next_deadline, countIf(counts AND assignee = '') AS unassigned,
  minOrNullIf(opened_at, is_open) AS open_since`;
const ofChoices = `
  groupUniqArray(step) AS steps, groupUniqArray(error_class) AS classes, groupUniqArray(system) AS systems,
  groupUniqArray(assignee) AS assignees, groupUniqArrayArray(tags) AS its_tags`;

const totals = `
  sumIf(c.cases, is_shown) AS cases, countIf(is_shown) AS groups, toString(sumIf(c.value, is_shown)) AS value,
  minOrNullIf(c.first_at, is_shown) AS oldest, sumIf(c.late, is_shown) AS late, minOrNullIf(c.next_breach, is_shown) AS next_breach,
  sumIf(c.cases, is_muted) AS muted_cases, countIf(is_muted AND c.cases > 0) AS muted_groups`;
const instantType = "DateTime64(3, \\'UTC\\')";
const page = `
  arraySlice(arraySort(
    one -> (isNull(one.next_deadline), one.next_deadline, -one.value, one.fingerprint),
    groupArrayIf(CAST(
      (c.fingerprint, c.cases, c.value, its_step, its_system, its_class, c.first_at, last_at, next_deadline, unassigned, open_since),
      'Tuple(fingerprint String, cases UInt64, value Decimal(38, 12), step String, system String, error_class String, first_at ${instantType}, last_at ${instantType}, next_deadline Nullable(${instantType}), unassigned UInt64, open_since Nullable(${instantType}))'),
      is_shown)), {offset:UInt32} + 1, {limit:UInt32}) AS page`;
const choices = `
  groupUniqArrayArray(c.steps) AS steps, groupUniqArrayArray(c.classes) AS classes, groupUniqArrayArray(c.systems) AS systems,
  groupUniqArrayArray(c.assignees) AS assignees, groupUniqArrayArray(its_tags) AS tags`;

/**
 * One reading of the cases for all figures beside a list. They are grouped by cause first: whether a cause is muted or
 * shown is asked of each cause then, and not of each case.
 */
const figures = (filter: z.output<typeof params>, parts: { page: boolean; choices: boolean }) => {
  // Choices are of all cases of the state, whatever else is asked of those that count.
  const [read, counted] = parts.choices
    ? [stateConditions(filter), otherConditions(filter)]
    : [[...stateConditions(filter), ...otherConditions(filter)], []];
  const shown = { show: '', only: 'AND is_muted', hide: 'AND NOT is_muted' }[filter.muted];
  return `
    SELECT ${[totals, ...(parts.page ? [page] : []), ...(parts.choices ? [choices] : [])].join(', ')}
    FROM (
      SELECT fingerprint, ${mutedCause} AS is_muted, cases > 0 ${shown} AS is_shown,
        ${[ofCause(joinConditions(counted)), ...(parts.page ? [ofGroup] : []), ...(parts.choices ? [ofChoices] : [])].join(', ')}
      FROM ${latestCases} WHERE ${joinConditions(read)}
      GROUP BY fingerprint) AS c
    ${mergedOnce}`;
};

const total = {
  cases: z.number(),
  groups: z.number(),
  value: z.string(),
  oldest: optionalText,
  late: z.number(),
  next_breach: optionalText,
  muted_cases: z.number(),
  muted_groups: z.number(),
};
const caseGroup = z.object({
  fingerprint: z.string(),
  cases: z.number(),
  value: z.string(),
  step: z.string(),
  system: z.string(),
  error_class: errorClass,
  first_at: z.string(),
  last_at: z.string(),
  next_deadline: optionalText,
  unassigned: z.number(),
});
export type CaseGroup = z.infer<typeof caseGroup>;
const texts = z.array(z.string());
const choice = { steps: texts, classes: texts, systems: texts, assignees: texts, tags: texts };

/**
 * How many cases the filters leave, their value at risk, the oldest, and how many are past their deadline; and how many
 * cases of muted causes the other filters leave, whether they are shown or not.
 */
export const caseCount = defineQuery({
  name: 'case_count',
  sql: (filter) => figures(filter, { page: false, choices: false }),
  params,
  row: z.object(total),
});

/**
 * The same, with a page of the causes they are of, by deadline, then by money. A group's count is the length of the list
 * its fingerprint filters to. What a cause says of itself is not read from each case: see `describedCauses`.
 */
export const caseGroups = defineQuery({
  name: 'case_groups',
  sql: (filter) => figures(filter, { page: true, choices: false }),
  params: paged,
  row: z.object({ ...total, page: z.array(caseGroup) }),
});

/** The count, with what all cases of the state differ in, for the filters' choices. */
export const caseFigures = defineQuery({
  name: 'case_figures',
  sql: (filter) => figures(filter, { page: false, choices: true }),
  params,
  row: z.object({ ...total, ...choice }),
});

/**
 * Count, causes and choices. `open_since` is when the oldest open case of a cause was opened, whatever else is asked; empty
 * where none is open, or none is read because closed ones are asked for.
 */
export const caseGroupFigures = defineQuery({
  name: 'case_group_figures',
  sql: (filter) => figures(filter, { page: true, choices: true }),
  params: paged,
  row: z.object({ ...total, ...choice, page: z.array(caseGroup.extend({ open_since: optionalText })) }),
});
