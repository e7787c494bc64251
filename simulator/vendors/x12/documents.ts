/** One transaction set: its id, control number and the segments between ST and SE. */
export interface ReceivedSet {
  id: string;
  control: string;
  segments: readonly (readonly string[])[];
}

export interface ReceivedGroup {
  functionalId: string;
  control: string;
  sets: ReceivedSet[];
}

export interface ReceivedDocument {
  /** ISA13. */
  control: string;
  groups: ReceivedGroup[];
  /** TA1 segments. */
  acknowledgments: (readonly string[])[];
}

const ISA_LENGTH = 106;

/**
 * Reads what Syncline sends as a small warehouse does: delimiters are where ISA puts them, and what follows is taken at
 * its word. One interchange a file.
 */
export function readDocument(text: string): ReceivedDocument | undefined {
  if (!text.startsWith('ISA') || text.length < ISA_LENGTH) return undefined;
  const element = text.charAt(3);
  const terminator = text.charAt(ISA_LENGTH - 1);
  const segments = text.split(terminator).map((segment) => segment.trim().split(element));
  const document: ReceivedDocument = { control: segments[0]?.[13] ?? '', groups: [], acknowledgments: [] };
  let set: { id: string; control: string; segments: (readonly string[])[] } | undefined;
  for (const segment of segments) {
    const [id, first = '', second = ''] = segment;
    if (id === 'GS') document.groups.push({ functionalId: first, control: segment[6] ?? '', sets: [] });
    else if (id === 'TA1') document.acknowledgments.push(segment);
    else if (id === 'ST') {
      set = { id: first, control: second, segments: [] };
      document.groups.at(-1)?.sets.push(set);
    } else if (id === 'SE') set = undefined;
    else set?.segments.push(segment);
  }
  return document;
}

/** Element of the first segment of that id, counted from 01; empty where there is none. */
export const valueOf = (set: ReceivedSet, id: string, number: number): string =>
  set.segments.find((segment) => segment[0] === id)?.[number] ?? '';
