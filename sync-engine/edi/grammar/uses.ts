import type { Release } from './elements.ts';

/** How often a segment may stand at its place in a set, and the loop it begins. */
export interface SegmentUse {
  id: string;
  min: 0 | 1;
  max: number;
  /** Segments that may follow it before its place is left or it is repeated. */
  loop?: readonly SegmentUse[];
}

/**
 * Reads the notation of a set's table: `BEG` once, `CUR?` at most once, `PER{3}` up to three times, `REF*` any number of
 * times, `LQ+{100}` and `FA2+*` at least once. `[PO1+{10} PID* …]` is a loop, begun by its first segment, whose count is
 * the loop's. `/5010` marks what came with that release.
 */
export function parseUses(table: string, release: Release): SegmentUse[] {
  const tokens = table.match(/[[\]]|[^\s[\]]+/g) ?? [];
  const { uses, at } = parseLevel(tokens, 0, release);
  if (at !== tokens.length) throw new SyntaxError(`unbalanced brackets in a set's table at token ${at}`);
  return uses;
}

function parseLevel(tokens: readonly string[], from: number, release: Release): { uses: SegmentUse[]; at: number } {
  const uses: SegmentUse[] = [];
  let at = from;
  for (let token = tokens[at]; token !== undefined && token !== ']'; token = tokens[at]) {
    if (token === '[') {
      const inner = parseLevel(tokens, at + 1, release);
      const [first, ...loop] = inner.uses;
      if (first === undefined || tokens[inner.at] !== ']') throw new SyntaxError('a loop of a table is empty or open');
      uses.push({ ...first, loop });
      at = inner.at + 1;
    } else {
      if (!token.endsWith('/5010') || release === '005010') uses.push(parseUse(token.replace('/5010', '')));
      at += 1;
    }
  }
  return { uses, at };
}

const notation = /^([A-Z][A-Z0-9]{1,2})(\+?)(?:(\?)|(\*)|\{(\d+)\})?$/;

function parseUse(token: string): SegmentUse {
  const [, id, atLeastOnce, , any, most] = notation.exec(token) ?? [];
  if (id === undefined) throw new SyntaxError(`"${token}" is no use of a segment`);
  const bare = token === id;
  return {
    id,
    min: bare || atLeastOnce === '+' ? 1 : 0,
    max: any === '*' ? Infinity : most === undefined ? 1 : Number(most),
  };
}
