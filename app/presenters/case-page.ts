import type { z } from 'zod';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { caseEvent, type CaseEvent, type CaseProblem, type CaseState } from '#contracts/v1/case.ts';
import { may } from '#contracts/v1/permissions.ts';
import { payloadSchemaKey } from '#contracts/v1/payload-schema.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { causeOf } from '#app/cases/causes.ts';
import { replayProgress } from '#app/cases/progress.ts';
import { didWords, tellStory, withLooks } from '#app/cases/story.ts';
import { maskText } from '#app/payloads/mask.ts';
import { intakeSeqOf, readCanonical, readReceived } from '#app/payloads/read.ts';
import { keptUntil, payloadRetention } from '#app/payloads/retention.ts';
import { showDocument } from '#app/payloads/show.ts';
import { knownMappings, targetOf, targetsOf } from '#app/queries/known-mappings.ts';
import { caseLooks, casesAlike, curesBefore } from '#app/queries/case-history.ts';
import { orderByKey, transactionSteps } from '#app/queries/order-detail.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, inWords, systemName, type EstateNames } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';
import { readCausesNow } from './causes-now.ts';
import { presentApproval, secondPersonAbove } from './case-approval.ts';

/** Every event of a case as the stream's leader has them, oldest first. */
export async function readCase(context: Pick<AppContext, 'js' | 'jsm'>, caseId: string): Promise<CaseEvent[]> {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(caseId)) return [];
  const messages = await readSubject(context.js, context.jsm, streams.cases, subjects.case(caseId));
  return messages.map((message) => caseEvent.parse(message.json()));
}

/** Problems without personal data in their words, and with names for ids. */
export const maskProblems = (problems: readonly CaseProblem[], names: EstateNames): CaseProblem[] =>
  problems.map((problem) => ({ ...problem, message: inWords(maskText(problem.message), names) }));

/** Everything the case's page shows. @throws Response 404 where there is no such case */
export async function presentCase(context: AppContext, viewer: Viewer, caseId: string) {
  const events = await readCase(context, caseId);
  const state = events.at(-1)?.state;
  if (state === undefined) throw new Response('There is no such case.', { status: 404 });
  const names = estateNames(context.estate);
  const payloads = may(viewer.roles, 'payloads.read');
  const [[order], steps, cures, [alike], missing, causesNow, looks, emails] = await Promise.all([
    context.read(orderByKey, { key: state.key, now: context.now().toISOString() }),
    context.read(transactionSteps, { flow: state.flow, key: state.key }),
    context.read(curesBefore, { fingerprint: state.fingerprint, case_id: caseId }),
    context.read(casesAlike, { fingerprint: state.fingerprint, case_id: caseId }),
    missingMappings(context, state),
    readCausesNow(context),
    context.read(caseLooks, { case_id: caseId, since: state.opened_at }),
    context.people.emails(),
  ]);
  const intakeSeq = intakeSeqOf(steps);
  const problems = maskProblems(state.problems, names);
  const open = !isClosed(state);
  return {
    ...headOf(state, names),
    open,
    orderMoves: order?.is_open ?? true,
    lifecycle: order?.lifecycle,
    problems,
    causes: problems.map((problem) =>
      causeOf(problem, { subject: subjectOf(state), system: state.system, systemName: (id) => systemName(names, id) }),
    ),
    missing: missing.map((one) => ({ ...one, systemName: systemName(names, one.system) })),
    story: withLooks(tellStory(events), looks, emails).map((one) => ({
      ...one,
      did: inWords(one.did, names),
      note: inWords(one.note, names),
    })),
    progress: replayProgress(
      steps.map((step) => ({ ...step, error_message: inWords(maskText(step.error_message), names) })),
      state,
    ),
    cures: presentCures(cures, names),
    cause: causesNow.of(state.fingerprint),
    alike: alike?.open ?? 0,
    fingerprint: state.fingerprint,
    payload: payloads ? await presentPayload(context, state, intakeSeq) : null,
    kept: await keptFor(context, events, steps),
    approval: presentApproval(state, events, viewer),
    secondPersonAbove: secondPersonAbove(state, context.estate, context.rates.today()),
    reportingCurrency: context.estate.reporting_currency,
    tags: state.tags ?? [],
    schema: schemaOf(context, steps),
    present: context.presence.at(caseId, viewer.email),
    viewerId: viewer.email,
    may: {
      work: may(viewer.roles, 'cases.work'),
      replay: may(viewer.roles, 'cases.replay'),
      discard: may(viewer.roles, 'cases.discard'),
      map: may(viewer.roles, 'mappings.write'),
      rule: payloads && may(viewer.roles, 'rules.write'),
      reveal: payloads && may(viewer.roles, 'personal_data.read'),
    },
  };
}

/** What cured the cause before, in words. */
export const presentCures = (cures: readonly z.output<typeof curesBefore.row>[], names: EstateNames) =>
  cures.map((cure) => ({
    caseId: cure.case_id,
    at: cure.at,
    who: cure.actor,
    did: inWords(didWords(cure), names),
    note: inWords(maskText(cure.note), names),
    target: cure.detail['target'] ?? '',
    code: cure.detail['code'] ?? '',
  }));

export type CaseView = Awaited<ReturnType<typeof presentCase>>;

function headOf(state: CaseState, names: EstateNames) {
  return {
    caseId: state.case_id,
    flow: state.flow,
    isOrder: state.flow === 'order_to_cash',
    key: state.key,
    number: state.business_key,
    status: state.status,
    revision: state.revision,
    step: stepLabel(state.step),
    system: systemName(names, state.system),
    // A step of our own makes no document outside.
    hasOutside: systemName(names, state.system) !== systemName(names, ''),
    channel: names.channels[state.channel]?.name ?? state.channel,
    amount: state.amount,
    currency: state.currency,
    deadline: state.deadline,
    assignee: state.assignee,
    timesFailed: state.times_failed,
    openedAt: state.opened_at,
    outcome: inWords(state.outcome, names),
    payloadVersion: state.payload_version,
  };
}

/** Name of what the engine reads of the payload; empty where nobody knows any more how it came. */
function schemaOf(
  { estate }: Pick<AppContext, 'estate'>,
  steps: readonly { system: string; attributes: Readonly<Record<string, string>> }[],
): string {
  const arrived = steps.find(({ attributes }) => attributes['topic'] !== undefined);
  const kind = estate.systems.find(({ id }) => id === arrived?.system)?.kind;
  return kind === undefined ? '' : payloadSchemaKey(kind, arrived?.attributes['topic'] ?? '');
}

const subjectOf = (state: CaseState): string =>
  state.flow === 'order_to_cash' ? `Order ${state.business_key}` : state.business_key;

/** What arrived, the version a replay would use, and the canonical order of the newest version that has one. */
async function presentPayload(context: AppContext, state: CaseState, intakeSeq: number) {
  const version = state.payload_version;
  const [arrived, current, canonical, former] = await Promise.all([
    readReceived(context.jsm, state.key, 1, intakeSeq),
    version === 1 ? undefined : readReceived(context.jsm, state.key, version, intakeSeq),
    readCanonical(context.jsm, state.key, version),
    version === 1 ? undefined : readCanonical(context.jsm, state.key, 1),
  ]);
  if (arrived === undefined) return undefined;
  const understood = canonical ?? former;
  return {
    version,
    arrived: showDocument(arrived, false).text,
    current: showDocument(current ?? arrived, false).text,
    hidden: showDocument(current ?? arrived, false).hidden,
    canonical: understood === undefined ? '' : showDocument(understood, false).text,
  };
}

/** Until when NATS keeps what arrived and the newest correction of it; empty for ever, undefined where there is none. */
async function keptFor(
  { jsm }: Pick<AppContext, 'jsm'>,
  events: readonly CaseEvent[],
  steps: readonly { started_at: string; attributes: Readonly<Record<string, string>> }[],
) {
  const { received, corrected } = await payloadRetention(jsm);
  const arrived = steps.find(({ attributes }) => attributes['intake_seq'] !== undefined)?.started_at;
  const fixed = events.findLast(({ type }) => type === 'fixed')?.at;
  return {
    arrived: arrived && keptUntil(arrived, received),
    corrected: fixed && keptUntil(fixed, corrected),
  };
}

/** The mappings whose absence stopped it: what each code leads to by now, and what its like lead to, to choose from. */
async function missingMappings(context: AppContext, state: CaseState) {
  const wanted = new Map(
    state.problems.flatMap(({ missing_mapping: missing }) =>
      missing === undefined ? [] : [[`${missing.kind}/${missing.system}/${missing.code}`, missing] as const],
    ),
  );
  return Promise.all(
    [...wanted.values()].map(async (missing) => {
      const { kind, system, code } = missing;
      const [target, known] = await Promise.all([
        targetOf(context.js, kind, system, code),
        knownMappings(context.js, kind, system),
      ]);
      return { ...missing, target, targets: targetsOf(known), known };
    }),
  );
}
