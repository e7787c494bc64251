import type { CaseGroup } from '#app/queries/case-figures.ts';
import { describedByCases, describedCauses, type DescribedCause } from '#app/queries/causes.ts';
import type { AppContext } from '#app/server/context.ts';

/** What these causes are, by fingerprint; one that never had a case is not among them. */
export async function readDescribedCauses(
  { read }: Pick<AppContext, 'read'>,
  fingerprints: readonly string[],
): Promise<Map<string, DescribedCause>> {
  if (fingerprints.length === 0) return new Map();
  const asked = [...new Set(fingerprints)].sort();
  const known = await read(describedCauses, { fingerprints: asked });
  const described = new Map(known.map((cause) => [cause.fingerprint, cause]));
  // Of one insert the case may be seen a moment before its cause.
  const unknown = asked.filter((fingerprint) => !described.has(fingerprint));
  const rest = unknown.length === 0 ? [] : await read(describedByCases, { fingerprints: unknown });
  for (const cause of rest) described.set(cause.fingerprint, cause);
  return described;
}

/** A group of cases with what its cause says of itself. Where it stopped, and why, are its own cases'. */
export type DescribedGroup = DescribedCause & CaseGroup;

export async function describeGroups(
  context: Pick<AppContext, 'read'>,
  groups: readonly CaseGroup[],
): Promise<DescribedGroup[]> {
  const described = await readDescribedCauses(
    context,
    groups.map(({ fingerprint }) => fingerprint),
  );
  return groups.flatMap((group) => {
    const cause = described.get(group.fingerprint);
    return cause === undefined ? [] : [{ ...cause, ...group }];
  });
}
