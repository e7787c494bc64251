import { x12Path } from '#contracts/x12/path.ts';
import { walkX12 } from '#contracts/x12/walk.ts';

/**
 * Where in an EDI document a value of the canonical one most likely came from: the element that says the same, and among
 * several the one whose segment is as far down its like as the value is down its list.
 * @param position of the value in the lists that lead to it, from 0
 */
export function likeliestInX12(text: string, value: string, position: number | undefined): string | undefined {
  let best: { path: string; away: number } | undefined;
  for (const { elements, set, name, ordinal } of walkX12(text, { fragments: 'guess' })) {
    if (set === undefined) continue;
    elements.forEach((element, i) => {
      if (element.trim() !== value) return;
      const away = position === undefined ? 0 : Math.abs(ordinal - 1 - position);
      const path = x12Path({ set, segment: { id: name, ordinal }, element: { number: i + 1 } });
      if (best === undefined || away < best.away) best = { path, away };
    });
  }
  return best?.path;
}
