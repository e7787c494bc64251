import type { GroupHeader, InterchangeHeader, Segment } from '../reading.ts';

export function interchangeHeader(segment: Segment, padded: boolean): InterchangeHeader {
  const field = (number: number): string => (segment.elements[number - 1] ?? '').trim();
  return {
    segment,
    padded,
    senderQualifier: field(5),
    sender: field(6),
    receiverQualifier: field(7),
    receiver: field(8),
    date: field(9),
    time: field(10),
    version: field(12),
    controlNumber: field(13),
    acknowledgmentRequested: field(14) === '1',
    test: field(15) === 'T',
  };
}

export function groupHeader(segment: Segment): GroupHeader {
  const field = (number: number): string => (segment.elements[number - 1] ?? '').trim();
  return {
    segment,
    functionalId: field(1),
    sender: field(2),
    receiver: field(3),
    date: field(4),
    time: field(5),
    controlNumber: field(6),
    version: field(8),
  };
}
