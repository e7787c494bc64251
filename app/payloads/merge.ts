import { readExact, sameJson, writeExact, type ExactJson } from './exact-json.ts';
import { pointerOf } from './pointer.ts';
import { mergeX12 } from './x12-merge.ts';
import { isX12 } from './x12-text.ts';

export type Side = 'mine' | 'theirs';

/** A field that both changed, and not to the same; values are JSON text, undefined where the field is not there. */
export interface MergeConflict {
  /** JSON Pointer (RFC 6901); "" is the whole document. */
  path: string;
  base: string | undefined;
  mine: string | undefined;
  theirs: string | undefined;
}

export interface Merged {
  /** JSON text on one line; an undecided conflict holds theirs. */
  text: string;
  /** Every field both changed, decided or not. */
  conflicts: MergeConflict[];
}

/**
 * Joins two corrections of one document, field by field; numbers keep their digits. Lists are joined element by element
 * where all three are equally long and are one value otherwise. An EDI document is joined element by element where all
 * three have the same segments. Any other text that is not JSON is one value.
 * @param choices whose value a conflict takes, by its path
 */
export function mergeJson(
  base: string,
  mine: string,
  theirs: string,
  choices: ReadonlyMap<string, Side> = new Map(),
): Merged {
  if (isX12(base)) return mergeX12(base, mine, theirs, choices) ?? mergeWhole(base, mine, theirs, choices);
  const values = [readExact(base), readExact(mine), readExact(theirs)] as const;
  if (values.includes(undefined)) return mergeWhole(base, mine, theirs, choices);
  const conflicts: MergeConflict[] = [];
  const merged = join(...values, [], (path, sides) => {
    const pointer = pointerOf(path);
    conflicts.push({
      path: pointer,
      base: sides.base && writeExact(sides.base),
      mine: sides.mine && writeExact(sides.mine),
      theirs: sides.theirs && writeExact(sides.theirs),
    });
    return choices.get(pointer) ?? 'theirs';
  });
  return { text: merged === undefined ? '' : writeExact(merged), conflicts };
}

function mergeWhole(base: string, mine: string, theirs: string, choices: ReadonlyMap<string, Side>): Merged {
  if (mine === theirs || theirs === base) return { text: mine, conflicts: [] };
  if (mine === base) return { text: theirs, conflicts: [] };
  return { text: choices.get('') === 'mine' ? mine : theirs, conflicts: [{ path: '', base, mine, theirs }] };
}

type Maybe = ExactJson | undefined;
type Decide = (path: readonly string[], sides: { base: Maybe; mine: Maybe; theirs: Maybe }) => Side;

function join(base: Maybe, mine: Maybe, theirs: Maybe, path: readonly string[], decide: Decide): Maybe {
  if (sameJson(theirs, base) || sameJson(mine, theirs)) return mine;
  if (sameJson(mine, base)) return theirs;
  if (base?.kind === 'object' && mine?.kind === 'object' && theirs?.kind === 'object') {
    const keys = new Set([...theirs.entries.keys(), ...mine.entries.keys(), ...base.entries.keys()]);
    const entries = new Map<string, ExactJson>();
    for (const key of keys) {
      const value = join(base.entries.get(key), mine.entries.get(key), theirs.entries.get(key), [...path, key], decide);
      if (value !== undefined) entries.set(key, value);
    }
    return { kind: 'object', entries };
  }
  if (
    base?.kind === 'list' &&
    mine?.kind === 'list' &&
    theirs?.kind === 'list' &&
    base.items.length === mine.items.length &&
    base.items.length === theirs.items.length
  )
    return {
      kind: 'list',
      items: base.items.flatMap(
        (item, i) => join(item, mine.items[i], theirs.items[i], [...path, String(i)], decide) ?? [],
      ),
    };
  return decide(path, { base, mine, theirs }) === 'mine' ? mine : theirs;
}
