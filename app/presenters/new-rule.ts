import { fingerprint as fingerprintForm } from '#contracts/v1/cause.ts';
import { may } from '#contracts/v1/permissions.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { intakeSeqOf, readReceived } from '#app/payloads/read.ts';
import { transactionSteps } from '#app/queries/order-detail.ts';
import { operationsOfEdit } from '#app/rules/operations-of-edit.ts';
import type { AppContext } from '#app/server/context.ts';
import { readCase } from './case-page.ts';
import { wrongField } from './wrong-field.ts';
import { limitOf, presentChoices, type RuleContext, type RuleDraft } from './rule-page.ts';

const LASTS_DAYS = 90;

/** What a new rule begins with: nothing, a cause, what somebody changed to cure a case, or a repair of many. */
export async function presentNewRule(
  context: RuleContext & Pick<AppContext, 'repairRuns' | 'rates'>,
  viewer: Viewer,
  search: URLSearchParams,
) {
  const events = await readCase(context, search.get('case') ?? '');
  const state = events.at(-1)?.state;
  // The cause that opened the case: by now it may have stopped with another.
  const fingerprint = events[0]?.state.fingerprint ?? search.get('cause') ?? '';
  const draft: RuleDraft = {
    name: '',
    fingerprint,
    channels: state === undefined || state.channel === '' ? [] : [state.channel],
    entities: [],
    operations: [],
    expiresAt: new Date(context.now().getTime() + LASTS_DAYS * 86_400_000).toISOString(),
  };
  if (state !== undefined && state.payload_version > 1 && may(viewer.roles, 'payloads.read')) {
    const { flow, key, payload_version } = state;
    const intakeSeq = intakeSeqOf(await context.read(transactionSteps, { flow, key }));
    const [before, after] = await Promise.all([
      readReceived(context.jsm, key, 1, intakeSeq),
      readReceived(context.jsm, key, payload_version, intakeSeq),
    ]);
    if (before !== undefined && after !== undefined) draft.operations = operationsOfEdit(before, after);
  }
  const run = await context.repairRuns.get(search.get('repair') ?? '');
  if (run?.repair.kind === 'patch') draft.operations = run.repair.operations;
  if (draft.operations.length === 0 && fingerprintForm.safeParse(fingerprint).success)
    draft.operations = [await wrongField(context, fingerprint)];
  return {
    draft,
    limit: limitOf(context),
    fromCase: state?.business_key ?? '',
    choices: await presentChoices(context, fingerprint),
  };
}

export type NewRuleView = Awaited<ReturnType<typeof presentNewRule>>;
