import { x12Path } from '#contracts/x12/path.ts';
import { walkX12, type X12Step } from '#contracts/x12/walk.ts';
import type { MergeConflict, Merged, Side } from './merge.ts';

/**
 * Joins two corrections of one EDI document, element by element, where all three have the same segments in the same order;
 * undefined where they have not. Each text is as it is shown.
 */
export function mergeX12(
  base: string,
  mine: string,
  theirs: string,
  choices: ReadonlyMap<string, Side>,
): Merged | undefined {
  const [was, own, other] = [base, mine, theirs].map((text) => [...walkX12(text, { fragments: 'guess' })]);
  if (was === undefined || own === undefined || other === undefined || !alike(was, own) || !alike(was, other))
    return undefined;
  const conflicts: MergeConflict[] = [];
  let text = '';
  let at = 0;
  other.forEach((step, i) => {
    const [before, ours] = [was[i], own[i]];
    if (before === undefined || ours === undefined) return;
    const segment = joinSegment(before, ours, step, choices, conflicts);
    text += theirs.slice(at, step.piece.from) + segment;
    at = step.piece.to;
  });
  return { text: text + theirs.slice(at), conflicts };
}

/** Every segment of both can be told, and they are the same in the same order. */
const alike = (a: readonly X12Step[], b: readonly X12Step[]): boolean =>
  a.length === b.length &&
  a.every(({ piece: { id, delimiters } }, i) => {
    const other = b[i]?.piece;
    return delimiters !== undefined && id === other?.id && delimiters.element === other.delimiters?.element;
  });

function joinSegment(
  base: X12Step,
  mine: X12Step,
  theirs: X12Step,
  choices: ReadonlyMap<string, Side>,
  conflicts: MergeConflict[],
): string {
  const count = Math.max(mine.elements.length, theirs.elements.length);
  const joined = Array.from({ length: count }, (_, i) => {
    const [was, own, other] = [base.elements[i] ?? '', mine.elements[i] ?? '', theirs.elements[i] ?? ''];
    if (other === was || own === other) return own;
    if (own === was) return other;
    const path = x12Path({
      ...(theirs.set && { set: theirs.set }),
      segment: { id: theirs.name, ordinal: theirs.ordinal },
      element: { number: i + 1 },
    });
    conflicts.push({ path, base: was, mine: own, theirs: other });
    return choices.get(path) === 'mine' ? own : other;
  });
  const last = joined.findLastIndex((value) => value !== '');
  const kept = Math.max(last + 1, Math.min(mine.elements.length, theirs.elements.length));
  return [theirs.piece.id, ...joined.slice(0, kept)].join(theirs.piece.delimiters?.element ?? '');
}
