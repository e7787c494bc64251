import type { X12SetName } from '#contracts/x12/walk.ts';
import type { CodeOf, Effect } from '../codes.ts';
import { x12Error, type ElementPlace, type X12Error } from '../errors.ts';
import type { ElementRule, Release } from '../grammar/elements.ts';
import { segmentRule, type ElementUse } from '../grammar/segments.ts';
import type { Segment } from '../reading.ts';
import { relationFaults } from './relations.ts';
import { placeOf } from './places.ts';
import { valueFault } from './values.ts';

/** Everything wrong with the elements of one segment. One whose elements are not described has its characters checked. */
export function checkElements(segment: Segment, set: X12SetName | undefined, release: Release): X12Error[] {
  const rule = segmentRule(segment.id, release);
  const found: X12Error[] = [];
  const report: Report = (code, element, what, more) =>
    found.push(elementError(segment, set, code, element, what, more));
  segment.elements.forEach((value, i) => {
    const use = rule?.elements[i];
    if (rule !== undefined && use === undefined && value !== '')
      report('3', { number: i + 1 }, `stands behind the last element of the segment, ${rule.elements.length}`, {
        value,
      });
    else if (value !== '') checkValue(value, use, { number: i + 1 }, segment, report);
  });
  rule?.elements.forEach((use, i) => {
    if (use.mandatory && (segment.elements[i] ?? '') === '')
      report('1', { number: i + 1 }, 'is required and missing', { rule: use.rule });
  });
  for (const { code, number, what } of relationFaults(segment.elements, rule?.relations ?? []))
    report(code, { number }, what, { rule: rule?.elements[number - 1]?.rule });
  return found;
}

type More = { value?: string; rule?: ElementRule | undefined; effect?: Effect; remedy?: string };

const cutOff = 'The terminator of the segment before the line break seems to be missing: add it.';
type Report = (code: CodeOf<'element'>, element: ElementPlace, what: string, more?: More) => void;

function checkValue(
  value: string,
  use: ElementUse | undefined,
  place: ElementPlace,
  segment: Segment,
  report: Report,
): void {
  const rule = use?.rule;
  const bad = badCharacter(value);
  if (bad !== undefined) {
    const more = bad === 'line break' ? { remedy: cutOff } : {};
    report('6', place, `has the character ${bad}, which may not stand in it`, { value, rule, ...more });
    return;
  }
  const { component } = segment.delimiters;
  if (use?.components !== undefined) {
    value.split(component).forEach((part, i) => {
      const inner = use.components?.[i];
      if (inner === undefined) report('3', { ...place, component: i + 1 }, 'has too many components', { value, rule });
      else checkComponent(part, inner, { ...place, component: i + 1 }, report);
    });
    return;
  }
  // A separator inside of an element that has no parts: the value is kept whole, since nothing else can be meant.
  if (rule !== undefined && value.includes(component))
    report('6', place, `has the component separator ${component} in it`, { value, rule, effect: 'noted' });
  const fault = rule && valueFault(value, rule);
  if (fault !== undefined) report(fault.code, place, fault.what, { value, rule });
}

function checkComponent(value: string, { mandatory, rule }: ElementUse, place: ElementPlace, report: Report): void {
  if (value === '') {
    if (mandatory && place.component === 1) report('1', place, 'is required and missing', { rule });
    return;
  }
  const fault = valueFault(value, rule);
  if (fault !== undefined) report(fault.code, place, fault.what, { value, rule });
}

/** The first character that no value may have, in words; undefined where there is none. Values are text by now. */
function badCharacter(value: string): string | undefined {
  const found = /[\p{Cc}\ufffd]/u.exec(value)?.[0];
  if (found === undefined) return undefined;
  if (found === '\r' || found === '\n') return 'line break';
  if (found === '\ufffd') return 'that is none in the encoding agreed';
  return `0x${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function elementError(
  segment: Segment,
  set: X12SetName | undefined,
  code: CodeOf<'element'>,
  place: ElementPlace,
  what: string,
  { value, rule, effect, remedy }: More = {},
): X12Error {
  const reference = rule?.reference;
  const element: ElementPlace = { ...place, ...(reference === undefined ? {} : { reference }) };
  const designator = `${segment.name}${String(place.number).padStart(2, '0')}`;
  const part = place.component === undefined ? designator : `${designator}-${place.component}`;
  const subject = rule === undefined ? `Element ${part}` : `The ${rule.name} (${part})`;
  const which = segment.ordinal > 1 ? ` of ${segment.name} ${segment.ordinal}` : '';
  return x12Error('element', code, placeOf(segment, set, element), `${subject}${which} ${what}.`, {
    element,
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
    ...(remedy === undefined ? {} : { remedy }),
  });
}
