import type { X12Delimiters } from '#contracts/x12/delimiters.ts';
import { walkX12, type X12Step } from '#contracts/x12/walk.ts';
import { x12Error, type X12Error } from '../errors.ts';
import type { FunctionalGroup, Interchange, Segment, TransactionSet, X12Reading } from '../reading.ts';
import { groupHeader, interchangeHeader } from './headers.ts';
import { placeOfStep, segmentOf } from './places.ts';

/**
 * Takes a document apart into interchanges, groups and sets, whatever is missing or out of place; nothing in them is
 * checked yet. What a header is missing for still gets one of its own, so that no segment is lost.
 */
export function readEnvelopes(text: string, fragments: X12Delimiters | undefined): X12Reading {
  const reading: X12Reading = { text, interchanges: [], errors: [] };
  let interchange: Interchange | undefined;
  let group: FunctionalGroup | undefined;
  let set: TransactionSet | undefined;

  const openInterchange = (header?: Interchange['header']): Interchange => {
    const opened = newInterchange(header);
    reading.interchanges.push(opened);
    interchange = opened;
    group = undefined;
    return opened;
  };
  const openGroup = (header?: FunctionalGroup['header']): FunctionalGroup => {
    const opened = newGroup(header);
    (interchange ?? openInterchange()).groups.push(opened);
    group = opened;
    return opened;
  };
  const stray = (step: X12Step): void => {
    const error = strayError(step, interchange);
    (interchange?.errors ?? reading.errors).push(error);
  };

  for (const step of walkX12(text, fragments === undefined ? { fragments: 'guess' } : { fragments })) {
    const { piece } = step;
    if (piece.delimiters === undefined) {
      reading.errors.push(unreadable(step));
      interchange = group = set = undefined;
      continue;
    }
    const segment = segmentOf(step, piece.delimiters);
    if (step.set === undefined) set = undefined;
    switch (piece.id) {
      case 'ISA':
        openInterchange(interchangeHeader(segment, piece.isa?.padded === true));
        break;
      case 'GS':
        // A group behind IEA or before any ISA is a fragment of its own.
        openGroup(groupHeader(segment));
        break;
      case 'ST':
        set = openSet(segment, step);
        (group ?? openGroup()).sets.push(set);
        break;
      case 'GE':
        if (group === undefined) stray(step);
        else group.trailer = segment;
        group = undefined;
        break;
      case 'IEA':
        if (interchange === undefined) stray(step);
        else interchange.trailer = segment;
        interchange = group = undefined;
        break;
      case 'TA1':
        if (set !== undefined) set.segments.push(segment);
        else if (interchange === undefined) stray(step);
        else interchange.acknowledgments.push(segment);
        break;
      default:
        if (set === undefined) stray(step);
        else set.segments.push(segment);
        if (piece.id === 'SE') set = undefined;
    }
  }
  return reading;
}

const newInterchange = (header: Interchange['header']): Interchange => ({
  ...(header && { header }),
  groups: [],
  acknowledgments: [],
  errors: [],
  verdict: 'accepted',
});

const newGroup = (header: FunctionalGroup['header']): FunctionalGroup => ({
  ...(header && { header }),
  sets: [],
  errors: [],
  verdict: 'accepted',
});

function openSet(segment: Segment, step: X12Step): TransactionSet {
  const [id = '', controlNumber = ''] = segment.elements;
  const name = step.set ?? { id: 'ST', ordinal: 1 };
  return { name, id, controlNumber, segments: [segment], errors: [], verdict: 'accepted' };
}

function strayError(step: X12Step, interchange: Interchange | undefined): X12Error {
  const place = placeOfStep(step);
  const what = `The segment ${step.piece.id === '' ? '' : `${step.piece.id.slice(0, 20)} `}stands outside of`;
  return interchange?.header === undefined
    ? x12Error('document', 'stray_segment', place, `${what} every interchange and set.`)
    : x12Error('interchange', '022', place, `${what} every transaction set.`);
}

/** An ISA that cannot be read, or no X12 at all. */
function unreadable(step: X12Step): X12Error {
  const place = placeOfStep(step);
  const { fault } = step.piece;
  if (fault === undefined)
    return x12Error('document', 'not_x12', place, 'This is no X12: there is no ISA segment before it.');
  switch (fault) {
    case 'truncated':
      return x12Error('interchange', '023', place, 'The document ends, or breaks off, within its ISA segment.', {
        effect: 'rejects',
      });
    case 'element':
      return x12Error('interchange', '026', place, 'The character behind ISA cannot separate elements.');
    case 'component':
      return x12Error('interchange', '027', place, 'ISA16 is no character that can separate components.');
    case 'terminator':
      return x12Error('interchange', '004', place, 'The character behind ISA16 cannot end segments.');
  }
}
