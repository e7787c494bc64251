import type { CaseProblem } from '#contracts/v1/case.ts';
import type { KnownCodes } from '#app/editor/complete-at.ts';
import { placeInReceived } from '#app/payloads/likeness.ts';
import { pointerSegments } from '#app/payloads/pointer.ts';
import type { CaseView } from '#app/presenters/case-page.ts';
import { mappingId } from './mapping-form.tsx';

/**
 * The codes that are mapped, for the fields of the received payload whose code is not: for such a field of any entry,
 * since the same is as likely wrong in the next.
 */
export function knownCodes(
  problems: readonly CaseProblem[],
  missing: readonly Pick<CaseView['missing'][number], 'kind' | 'system' | 'code' | 'known'>[],
  received: string,
  canonical: string,
): KnownCodes[] {
  const unmapped = problems.filter(({ missing_mapping }) => missing_mapping !== undefined);
  const found = new Map<string, KnownCodes>();
  for (const { document, path: pointer, missing_mapping: wanted } of placeInReceived(unmapped, received, canonical)) {
    const codes = missing.find((one) => wanted && mappingId(one) === mappingId(wanted))?.known ?? [];
    const path = pointerSegments(pointer).map((part) => (/^\d+$/.test(part) ? '*' : part));
    if (document === 'received' && codes.length > 0) found.set(path.join('/'), { path, codes });
  }
  return [...found.values()];
}
