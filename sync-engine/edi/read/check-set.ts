import { x12Error, type X12Error } from '../errors.ts';
import { setRule } from '../grammar/sets.ts';
import type { Release } from '../grammar/elements.ts';
import { verdictOf, type Segment, type TransactionSet } from '../reading.ts';
import { checkElements } from './check-elements.ts';
import { matchSet, type SequenceFault } from './match.ts';
import { placeOf, placeOfMissing } from './places.ts';

export interface SetPolicy {
  release: Release;
  /** Sets that the partner may send. */
  receives: readonly string[];
  strict: boolean;
  /** GS01 of its group; absent where it stands in none. */
  functionalId?: string;
  /** ST02 of the sets before it in its group. */
  usedNumbers: ReadonlySet<string>;
}

/** Checks a set by its own counts and numbers and by the grammar of its kind, and lays out what stands in it. */
export function checkSet(set: TransactionSet, policy: SetPolicy): void {
  const { segments, errors } = set;
  const [head, ...rest] = segments;
  if (head === undefined) throw new Error('a set begins with its ST segment');
  const trailer = rest.at(-1)?.id === 'SE' ? rest.at(-1) : undefined;
  const rule = setRule(set.id, policy.release);
  errors.push(...headErrors(set, head, policy), ...trailerErrors(set, head, trailer));
  if (rule !== undefined) {
    const between = trailer === undefined ? rest : rest.slice(0, -1);
    const { content, faults } = matchSet(between, head, rule);
    set.content = content;
    errors.push(...faults.map((fault) => sequenceError(set, fault)));
  }
  for (const segment of segments) errors.push(...checkElements(segment, set.name, policy.release));
  errors.sort((a, b) => a.position - b.position);
  set.verdict = verdictOf(errors, policy.strict);
}

function headErrors(set: TransactionSet, head: Segment, policy: SetPolicy): X12Error[] {
  const { id, name, controlNumber } = set;
  const found: X12Error[] = [];
  const known = setRule(id, policy.release);
  if (!/^\d{3}$/.test(id))
    found.push(x12Error('set', '6', placeOf(head, name, { number: 1 }), `"${id}" is no transaction set (ST01).`));
  else if (known === undefined || !policy.receives.includes(id))
    found.push(
      x12Error(
        'set',
        '1',
        placeOf(head, name, { number: 1 }),
        known === undefined
          ? `The transaction set ${id} is not known here.`
          : `The partner may not send the ${known.name} (${id}).`,
      ),
    );
  else if (policy.functionalId !== undefined && policy.functionalId !== known.functionalId)
    found.push(
      x12Error(
        'set',
        '6',
        placeOf(head, name, { number: 1 }),
        `The ${known.name} (${id}) stands in a group of ${policy.functionalId} (GS01) instead of ${known.functionalId}.`,
      ),
    );
  if (!/^[0-9A-Za-z]{4,9}$/.test(controlNumber))
    found.push(
      x12Error('set', '7', placeOf(head, name, { number: 2 }), `"${controlNumber}" is no set control number (ST02).`),
    );
  else if (policy.usedNumbers.has(controlNumber))
    found.push(
      x12Error(
        'set',
        '23',
        placeOf(head, name, { number: 2 }),
        `The control number ${controlNumber} (ST02) stands on an earlier set of the group too.`,
      ),
    );
  return found;
}

function trailerErrors(set: TransactionSet, head: Segment, trailer: Segment | undefined): X12Error[] {
  const { name, segments, controlNumber } = set;
  if (trailer === undefined)
    return [
      x12Error(
        'set',
        '2',
        placeOfMissing('SE', segments.at(-1) ?? head, name),
        `The set ${controlNumber} has no trailer (SE): the end of it may be missing.`,
      ),
    ];
  const [count = '', control = ''] = trailer.elements;
  const found: X12Error[] = [];
  if (!/^\d{1,10}$/.test(count) || Number(count) !== segments.length)
    found.push(
      x12Error(
        'set',
        '4',
        placeOf(trailer, name, { number: 1 }),
        `The set's trailer counts ${count === '' ? 'no' : count} segments (SE01); there are ${segments.length}, ST and SE included.`,
        { element: { number: 1 }, value: count },
      ),
    );
  if (control !== controlNumber)
    found.push(
      x12Error(
        'set',
        '3',
        placeOf(trailer, name, { number: 2 }),
        `The set begins with control number ${controlNumber} (ST02) and ends with ${control} (SE02).`,
        { element: { number: 2 }, value: control },
      ),
    );
  return found;
}

function sequenceError({ name }: TransactionSet, { code, segment, missing, effect, message }: SequenceFault): X12Error {
  const place = missing === undefined ? placeOf(segment, name) : placeOfMissing(missing, segment, name);
  return x12Error('segment', code, place, message, effect === undefined ? {} : { effect });
}
