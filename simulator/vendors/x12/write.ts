import { delimitersOf, type Style } from './styles.ts';

/** A set to be written: its id and the segments between ST and SE, elements from 01. */
export interface OutSet {
  id: '944' | '945' | '846' | '850' | '997';
  segments: readonly (readonly [string, ...string[]])[];
}

/** Who writes to whom, as it stands in the envelopes. */
export interface Parties {
  us: { qualifier: string; id: string; group: string };
  them: { qualifier: string; id: string; group: string };
}

const functionalIds: Record<OutSet['id'], string> = { '944': 'RE', '945': 'SW', '846': 'IB', '850': 'PO', '997': 'FA' };

/** `YYYYMMDD` and `HHMM` in UTC. */
export function stampOf(at: Date): { day: string; time: string } {
  const [day = '', time = ''] = at.toISOString().split('T');
  return { day: day.replaceAll('-', ''), time: time.slice(0, 5).replace(':', '') };
}

/** Sets of one kind as one interchange of this warehouse, or bare where the style is a fragment. */
export function writeInterchange(
  sets: readonly OutSet[],
  { control, style, at, parties }: { control: number; style: Style; at: Date; parties: Parties },
): string {
  const { element, component, terminator, lineBreak, mark } = delimitersOf(style);
  const { us, them } = parties;
  const { day, time } = stampOf(at);
  const number = String(control).padStart(9, '0');
  const isa = ['ISA', '00', ' '.repeat(10), '00', ' '.repeat(10), us.qualifier, us.id.padEnd(15)];
  isa.push(them.qualifier, them.id.padEnd(15), day.slice(2), time, 'U', '00401', number, '0', 'P', component);
  const bodies = sets.flatMap(({ id, segments }, i) => {
    const setControl = String(i + 1).padStart(4, '0');
    const count = segments.length + 2 + (style === 'wrong_count' ? 1 : 0);
    return [['ST', id, setControl], ...segments, ['SE', String(count), setControl]];
  });
  const functionalId = functionalIds[sets[0]?.id ?? '997'];
  const gs = ['GS', functionalId, us.group, them.group, day, time, String(control), 'X', '004010'];
  const around = [gs, ...bodies, ['GE', String(sets.length), String(control)], ['IEA', '1', number]];
  const lines = style === 'fragment' ? bodies : [isa, ...around];
  return mark + lines.map((line) => `${line.join(element)}${terminator}${lineBreak}`).join('');
}
