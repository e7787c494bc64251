import { may } from '#contracts/v1/permissions.ts';
import type { ShadowDifference, ShadowRun } from '#contracts/v1/shadow.ts';
import { parseTransactionKey } from '#contracts/v1/key.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { maskText } from '#app/payloads/mask.ts';
import { orderNumbers } from '#app/queries/order-numbers.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, type EstateNames, inWords } from '#app/words/names.ts';
import { changeInWords, placeInWords, reasonInWords, shadowStateWords } from '#app/words/repairs.ts';
import { mappingChoices } from './mapping-choices.ts';
import { stepLabel, stepRank } from '#app/words/steps.ts';

const LISTED = 100;
/** Of a group of differences. */
const EXAMPLES = 5;

function presentHead(run: ShadowRun, names: EstateNames) {
  return {
    id: run.shadow_id,
    state: shadowStateWords(run.status),
    running: run.status === 'running',
    change: changeInWords(run.change, names),
    by: run.created_by,
    at: run.created_at,
    updatedAt: run.updated_at,
    wanted: run.wanted,
    tried: run.tried,
    same: run.same,
    different: run.different,
    unknown: run.unknown,
  };
}

/** The trials there were, the latest first, and what a new one may be for. */
export async function presentShadows(context: Pick<AppContext, 'repairs' | 'estate'>, viewer: Viewer) {
  const names = estateNames(context.estate);
  const runs = await context.repairs.shadows();
  return {
    rows: runs.slice(0, LISTED).map((run) => presentHead(run, names)),
    choices: mappingChoices(names),
    may: { write: may(viewer.roles, 'rules.write') },
  };
}

export type ShadowRow = Awaited<ReturnType<typeof presentShadows>>['rows'][number];

/** One trial: how far it is and how the orders would differ. @throws Response 404 where there is no such trial */
export async function presentShadow(
  context: Pick<AppContext, 'repairs' | 'estate' | 'read'>,
  viewer: Viewer,
  id: string,
) {
  const run = (await context.repairs.shadows()).find(({ shadow_id }) => shadow_id === id);
  if (run === undefined) throw new Response('There is no such trial.', { status: 404 });
  const names = estateNames(context.estate);
  const shown = [...run.differences, ...(run.not_cured ?? [])];
  const keys = [...new Set(shown.flatMap(({ examples }) => examples.slice(0, EXAMPLES)))].sort();
  const numbers = new Map(
    (keys.length === 0 ? [] : await context.read(orderNumbers, { keys })).map((one) => [one.key, one.business_key]),
  );
  const present = (difference: ShadowDifference) => presentDifference(difference, names, numbers);
  return {
    ...presentHead(run, names),
    isRule: run.change.kind === 'repair' && run.change.scope !== undefined,
    named: run.cases?.length ?? 0,
    message: inWords(run.message, names),
    groups: [...run.differences].sort((a, b) => stageOf(a) - stageOf(b) || b.payloads - a.payloads).map(present),
    notCured: (run.not_cured ?? []).map(present),
    may: { write: may(viewer.roles, 'rules.write') },
  };
}

export type ShadowView = Awaited<ReturnType<typeof presentShadow>>;

/** What becomes of the order first, then the order itself, then what is sent, in the flow's order. */
const stageOf = ({ step, path }: ShadowDifference): number =>
  path === '' ? stepRank(step) : step === 'canonical' ? 100 : 200 + stepRank(step);

function presentDifference(difference: ShadowDifference, names: EstateNames, numbers: ReadonlyMap<string, string>) {
  const words = (text: string) => (difference.path === '' ? reasonInWords(inWords(maskText(text), names)) : text);
  return {
    step: difference.step === 'canonical' ? 'Canonical order' : stepLabel(difference.step),
    outcome: difference.path === '',
    where: placeInWords(difference.path),
    before: words(difference.before),
    after: words(difference.after),
    payloads: difference.payloads,
    examples: difference.examples
      .slice(0, EXAMPLES)
      .map((key) => ({ key, label: numbers.get(key) ?? parseTransactionKey(key)?.externalId ?? key })),
  };
}
