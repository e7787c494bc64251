import type { VendorContext } from '../vendor.ts';
import { putFile } from './folder.ts';
import type { Style } from './styles.ts';
import { type OutSet, type Parties, writeInterchange } from './write.ts';

export interface OutTray {
  /** Writes sets of one kind as one file. @returns for each, the interchange and the set number it went out under. */
  put(sets: readonly OutSet[], style: Style): Promise<{ control: number; set: number }[]>;
  nextStyle(): Style;
  write: (...styles: Style[]) => void;
  counts(): Record<string, number>;
}

/** Share of its advices that count their segments wrongly. */
const MISCOUNTED = 0.01;
/** What is right, in turn. */
const right: readonly Style[] = ['plain', 'pipes', 'line_breaks', 'byte_order_mark', 'several'];

/** The folder a warehouse puts its documents into, with the numbers they are known by. */
export function createOutTray(
  { system, store, random }: VendorContext,
  { folder, parties, fragments }: { folder: string; parties: Parties; fragments: boolean },
): OutTray {
  const numbers = store.collection<number>(`${system.id}.numbers`);
  const asked: Style[] = [];
  const written = new Map<string, number>();
  const next = (): number => {
    const number = (numbers.get('control') ?? 0) + 1;
    numbers.put('control', number);
    return number;
  };
  const usual: readonly Style[] = fragments ? [...right, 'fragment'] : right;

  return {
    put: async (sets, style) => {
      // One interchange, or one for each set in the same file.
      const parts = style === 'several' ? sets.map((set) => [set]) : [sets];
      const told: { control: number; set: number }[] = [];
      const at = new Date();
      const texts = parts.map((part) => {
        const control = next();
        told.push(...part.map((_, i) => ({ control, set: i + 1 })));
        return writeInterchange(part, { control, style, at, parties });
      });
      const first = String(told[0]?.control ?? 0).padStart(9, '0');
      await putFile(folder, `${sets[0]?.id ?? ''}-${first}.x12`, texts.join(''));
      written.set(style, (written.get(style) ?? 0) + 1);
      return told;
    },
    nextStyle: () => asked.shift() ?? (random.chance(MISCOUNTED) ? 'wrong_count' : random.pick(usual)),
    write: (...styles) => void asked.push(...styles),
    counts: () => Object.fromEntries([...written].map(([style, count]) => [`files_${style}`, count])),
  };
}
