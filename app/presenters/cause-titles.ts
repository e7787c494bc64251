import { maskText } from '#app/payloads/mask.ts';
import type { DescribedCause } from '#app/queries/causes.ts';
import type { AppContext } from '#app/server/context.ts';
import { type EstateNames, inWords } from '#app/words/names.ts';
import { stepLabel } from '#app/words/steps.ts';
import { titleOf } from './case-list.ts';
import { readDescribedCauses } from './described-causes.ts';

export interface CauseTitle {
  title: string;
  message: string;
  step: string;
}

/** What a cause is called, what it says, and where it stops an order. */
export const titleOfCause = (cause: DescribedCause, names: EstateNames): CauseTitle => ({
  title: titleOf(cause, names),
  message: inWords(maskText(cause.error_message), names),
  step: stepLabel(cause.step),
});

/** The causes with these fingerprints by name; one that never had a case is not among them. */
export async function readCauseTitles(
  context: Pick<AppContext, 'read'>,
  fingerprints: readonly string[],
  names: EstateNames,
): Promise<Map<string, CauseTitle>> {
  const described = await readDescribedCauses(context, fingerprints);
  return new Map([...described].map(([fingerprint, cause]) => [fingerprint, titleOfCause(cause, names)]));
}
