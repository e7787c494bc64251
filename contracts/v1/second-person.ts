import type { CaseState } from './case.ts';

type Wrote = { readonly authors?: readonly string[] | undefined } & Pick<CaseState, 'fixed_by'>;

/** Everybody who wrote something of what a replay of this case sends: a version of the payload, or a mapping for it. */
export const authorsOf = ({ authors = [], fixed_by }: Wrote): string[] => [
  ...new Set([...authors, ...(fixed_by === undefined ? [] : [fixed_by])]),
];

/** The authors of a case, or of a transaction, once these wrote too: nobody is ever taken out, since what they wrote is built upon. */
export const withAuthors = (state: Wrote, ...more: string[]): { authors: string[] } => ({
  authors: [...new Set([...authorsOf(state), ...more])],
});

/** Why somebody cannot be the second person of a replay that awaits approval; undefined where they can. */
export function partInReplay(
  id: string,
  state: Wrote & Pick<CaseState, 'approval'>,
): 'asked' | 'wrote_version' | 'wrote_part' | undefined {
  if (id === state.approval?.requested_by) return 'asked';
  if (id === state.fixed_by) return 'wrote_version';
  return authorsOf(state).includes(id) ? 'wrote_part' : undefined;
}
