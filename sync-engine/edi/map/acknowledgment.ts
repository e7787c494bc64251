import { elementCodes, groupCodes, interchangeCodes, segmentCodes, setCodes } from '../codes.ts';
import type { Verdict, Segment } from '../reading.ts';
import { loopsOf, segmentOf, value, type ReceivedSet } from './loops.ts';

export interface AcknowledgedSet {
  id: string;
  controlNumber: string;
  verdict: Verdict;
  /** What the partner found wrong with it, in words. */
  faults: string[];
}

/** A partner's answer to a group of ours. */
export interface GroupAcknowledgment {
  functionalId: string;
  controlNumber: string;
  verdict: Verdict | 'partly_rejected';
  sets: AcknowledgedSet[];
  faults: string[];
}

/** A partner's answer to an interchange of ours. */
export interface InterchangeAcknowledgment {
  controlNumber: string;
  verdict: Verdict;
  /** TA105. */
  code: string;
  /** What is wrong, in words; empty where nothing is. */
  fault: string;
}

/** Reads a functional acknowledgment (997): what became of each set that we sent in a group. */
export function groupAcknowledged({ set: { content } }: Pick<ReceivedSet, 'set'>): GroupAcknowledgment {
  const group = segmentOf(content, 'AK1');
  const summary = segmentOf(content, 'AK9');
  return {
    functionalId: value(group, 1) ?? '',
    controlNumber: value(group, 2) ?? '',
    verdict: value(summary, 1) === 'P' ? 'partly_rejected' : verdictOf(value(summary, 1)),
    faults: meanings(summary, [5, 6, 7, 8, 9], groupCodes),
    sets: loopsOf(content, 'AK2').map((loop) => {
      const summed = segmentOf(loop, 'AK5');
      const faults = loopsOf(loop, 'AK3').flatMap(({ head, segments }) => {
        const place = `${value(head, 1)} at ${value(head, 2)}`;
        const own = meanings(head, [4], segmentCodes).map((meaning) => `${place}: ${meaning}`);
        const elements = segments.map((element) => {
          const number = value(element, 1)?.split(element.delimiters.component).join('-') ?? '';
          const copy = value(element, 4);
          const [meaning = ''] = meanings(element, [3], elementCodes);
          return `${place}, element ${number}: ${meaning}${copy === undefined ? '' : ` ("${copy}")`}`;
        });
        return [...(elements.length > 0 ? [] : own), ...elements];
      });
      return {
        id: value(loop.head, 1) ?? '',
        controlNumber: value(loop.head, 2) ?? '',
        verdict: verdictOf(value(summed, 1)),
        faults: [...meanings(summed, [2, 3, 4, 5, 6], setCodes), ...faults],
      };
    }),
  };
}

/** Reads an interchange acknowledgment (TA1). */
export function interchangeAcknowledged(segment: Segment): InterchangeAcknowledgment {
  const code = value(segment, 5) ?? '';
  return {
    controlNumber: value(segment, 1) ?? '',
    verdict: verdictOf(value(segment, 4)),
    code,
    fault: code === '000' ? '' : wordsOf(code, interchangeCodes),
  };
}

/** A accepted; E accepted, errors noted; anything else (R, M, W, X) is a rejection. */
function verdictOf(code: string | undefined): Verdict {
  if (code === 'A') return 'accepted';
  return code === 'E' ? 'accepted_with_errors' : 'rejected';
}

type Meanings = Readonly<Record<string, { meaning: string }>>;

const wordsOf = (code: string, meanings: Meanings): string => meanings[code]?.meaning ?? `Code ${code}`;

const meanings = (segment: Segment | undefined, numbers: readonly number[], from: Meanings): string[] =>
  numbers.flatMap((number) => {
    const code = value(segment, number);
    return code === undefined ? [] : [wordsOf(code, from)];
  });
