import type { SetRule } from '../grammar/sets.ts';
import { hasSegment, isKnownSegment } from '../grammar/sets.ts';
import type { SegmentUse } from '../grammar/uses.ts';
import type { CodeOf, Effect } from '../codes.ts';
import type { Loop, Segment } from '../reading.ts';

export interface SequenceFault {
  code: CodeOf<'segment'>;
  /** The segment in error, or the one behind which another is missing. */
  segment: Segment;
  /** Id of the one that is missing. */
  missing?: string;
  effect?: Effect;
  message: string;
}

interface Level {
  uses: readonly SegmentUse[];
  /** Place in `uses` that was reached, and how often each was used. */
  at: number;
  counts: number[];
  loop: Loop;
}

/**
 * Puts the segments between ST and SE to their places in the set: deepest loop first, never backwards. What has no place
 * is named and left out, except where the loop has one for it further up: then it is read all the same.
 */
export function matchSet(segments: readonly Segment[], head: Segment, rule: SetRule) {
  const content: Loop = { head, segments: [], loops: [] };
  const faults: SequenceFault[] = [];
  const levels: Level[] = [{ uses: rule.uses, at: 0, counts: [], loop: content }];
  let last = head;

  const leave = ({ uses, at, counts }: Level, upTo: number): void => {
    for (let i = at; i < upTo; i++) {
      const use = uses[i];
      if (use?.min === 1 && (counts[i] ?? 0) === 0) faults.push(missing(use, last, rule));
    }
  };

  for (const segment of segments) {
    const depth = levels.findLastIndex(({ uses, at }) => indexOf(uses, segment.id, at) >= 0);
    const level = levels[depth];
    if (level === undefined) faults.push(misplaced(segment, rule, levels));
    else {
      for (const deeper of levels.splice(depth + 1).reverse()) leave(deeper, deeper.uses.length);
      const index = indexOf(level.uses, segment.id, level.at);
      leave(level, index);
      const use = level.uses[index];
      const count = (level.counts[index] ?? 0) + 1;
      level.at = index;
      level.counts[index] = count;
      if (use !== undefined && count === use.max + 1) faults.push(tooOften(segment, use));
      if (use?.loop === undefined) level.loop.segments.push(segment);
      else {
        const loop: Loop = { head: segment, segments: [], loops: [] };
        level.loop.loops.push(loop);
        levels.push({ uses: use.loop, at: 0, counts: [], loop });
      }
    }
    last = segment;
  }
  for (const level of levels.reverse()) leave(level, level.uses.length);
  return { content, faults };
}

const indexOf = (uses: readonly SegmentUse[], id: string, from: number): number => {
  for (let i = from; i < uses.length; i++) if (uses[i]?.id === id) return i;
  return -1;
};

const missing = (use: SegmentUse, behind: Segment, rule: SetRule): SequenceFault => ({
  code: '3',
  segment: behind,
  missing: use.id,
  message: `The segment ${use.id}, which the ${rule.name} (${rule.id}) must have here, is missing.`,
});

const tooOften = (segment: Segment, { max, loop }: SegmentUse): SequenceFault => ({
  code: loop === undefined ? '5' : '4',
  segment,
  message: `${segment.id} stands here more than ${max === 1 ? 'once' : `${max} times`}.`,
});

function misplaced(segment: Segment, rule: SetRule, levels: readonly Level[]): SequenceFault {
  const set = `the ${rule.name} (${rule.id})`;
  if (!hasSegment(rule, segment.id))
    return isKnownSegment(segment.id)
      ? { code: '6', segment, message: `The segment ${segment.id} is not part of ${set}; it is not read.` }
      : { code: '1', segment, message: `"${segment.id.slice(0, 20)}" is no segment of ${set}; it is not read.` };
  const home = levels.findLast(({ uses }) => uses.some(({ id, loop }) => id === segment.id && loop === undefined));
  home?.loop.segments.push(segment);
  return {
    code: '7',
    segment,
    effect: home === undefined ? 'rejects' : 'noted',
    message: `The segment ${segment.id} stands behind its place in ${set}.`,
  };
}
