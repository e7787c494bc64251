/** Does an error of this code reject what it is about, or is it noted while the rest is taken? */
export type Effect = 'rejects' | 'noted';

interface Meaning {
  /** What the code says, as X12 words it, shortened. */
  meaning: string;
  effect: Effect;
  /** What whoever reads of it can do. */
  remedy: string;
}

const resend = 'Ask the partner to send it again in full.';
const correctHeader = 'Correct the field, or ask the partner to send the envelope as X12 prescribes it.';

/** Of what is no X12 at all, or stands outside every interchange; no acknowledgment knows these. */
export const documentCodes = {
  not_x12: {
    meaning: 'Not X12',
    effect: 'rejects',
    remedy: 'Look at what was sent: an X12 document begins with an ISA segment.',
  },
  stray_segment: {
    meaning: 'Segment outside of an interchange',
    effect: 'rejects',
    remedy: 'Put it between ISA and IEA, or remove it.',
  },
} as const satisfies Record<string, Meaning>;

/** TA105, interchange note codes. */
export const interchangeCodes = {
  '001': {
    meaning: 'Control numbers of header and trailer differ',
    effect: 'noted',
    remedy: 'Ask the partner whether a part of the file is missing.',
  },
  '003': {
    meaning: 'Version of the controls is not supported',
    effect: 'rejects',
    remedy: 'Agree on interchange version 00401 or 00501 with the partner.',
  },
  '004': { meaning: 'Segment terminator is invalid', effect: 'rejects', remedy: correctHeader },
  '005': { meaning: 'Sender qualifier is invalid', effect: 'noted', remedy: correctHeader },
  '006': {
    meaning: 'Sender is invalid or unknown',
    effect: 'rejects',
    remedy: 'Add the sender to a partner profile (ISA05, ISA06), or correct the id.',
  },
  '007': { meaning: 'Receiver qualifier is invalid', effect: 'noted', remedy: correctHeader },
  '008': { meaning: 'Receiver id is invalid', effect: 'noted', remedy: correctHeader },
  '009': {
    meaning: 'Receiver is unknown',
    effect: 'rejects',
    remedy: 'This was meant for somebody else, or our id in the partner profile (ISA07, ISA08) is wrong.',
  },
  '010': { meaning: 'Authorization qualifier is invalid', effect: 'noted', remedy: correctHeader },
  '011': { meaning: 'Authorization information is invalid', effect: 'noted', remedy: correctHeader },
  '012': { meaning: 'Security qualifier is invalid', effect: 'noted', remedy: correctHeader },
  '013': { meaning: 'Security information is invalid', effect: 'noted', remedy: correctHeader },
  '014': { meaning: 'Interchange date is invalid', effect: 'noted', remedy: correctHeader },
  '015': { meaning: 'Interchange time is invalid', effect: 'noted', remedy: correctHeader },
  '016': { meaning: 'Standards identifier is invalid', effect: 'noted', remedy: correctHeader },
  '017': { meaning: 'Interchange version is invalid', effect: 'noted', remedy: correctHeader },
  '018': { meaning: 'Interchange control number is invalid', effect: 'noted', remedy: correctHeader },
  '019': { meaning: 'Acknowledgment request is invalid', effect: 'noted', remedy: correctHeader },
  '020': { meaning: 'Test indicator is invalid', effect: 'noted', remedy: correctHeader },
  '021': {
    meaning: 'Number of groups is wrong',
    effect: 'noted',
    remedy: 'Ask the partner whether a group of the file is missing.',
  },
  '022': {
    meaning: 'Control structure is invalid',
    effect: 'noted',
    remedy: 'Put the segment where it belongs, or remove it.',
  },
  '023': { meaning: 'File ends too early', effect: 'noted', remedy: resend },
  '024': {
    meaning: 'Interchange content is invalid',
    effect: 'noted',
    remedy: 'Put transaction sets between GS and GE.',
  },
  '025': {
    meaning: 'Interchange control number was used before',
    effect: 'rejects',
    remedy: 'It has been taken already. If it is a new file, ask the partner for a new control number.',
  },
  '026': { meaning: 'Element separator is invalid', effect: 'rejects', remedy: correctHeader },
  '027': { meaning: 'Component separator is invalid', effect: 'rejects', remedy: correctHeader },
} as const satisfies Record<string, Meaning>;

/** AK905, functional group syntax error codes. */
export const groupCodes = {
  '1': {
    meaning: 'Functional group is not supported',
    effect: 'rejects',
    remedy: 'Allow its sets in the partner profile, or ask the partner not to send them.',
  },
  '2': {
    meaning: 'Version is not supported',
    effect: 'rejects',
    remedy: 'Agree on version 004010 or 005010 with the partner.',
  },
  '3': { meaning: 'Group trailer is missing', effect: 'noted', remedy: resend },
  '4': {
    meaning: 'Control numbers of header and trailer differ',
    effect: 'noted',
    remedy: 'Ask the partner whether a part of the group is missing.',
  },
  '5': {
    meaning: 'Number of sets is wrong',
    effect: 'noted',
    remedy: 'Ask the partner whether a set of the group is missing.',
  },
  '6': {
    meaning: 'Group control number is invalid',
    effect: 'rejects',
    remedy: 'Give the group a header (GS) with a control number of up to nine digits.',
  },
} as const satisfies Record<string, Meaning>;

/** AK502, transaction set syntax error codes. */
export const setCodes = {
  '1': {
    meaning: 'Transaction set is not supported',
    effect: 'rejects',
    remedy: 'Allow it in the partner profile, or ask the partner not to send it.',
  },
  '2': { meaning: 'Set trailer is missing', effect: 'rejects', remedy: resend },
  '3': {
    meaning: 'Control numbers of header and trailer differ',
    effect: 'rejects',
    remedy: 'Make SE02 equal ST02 if nothing is missing between them.',
  },
  '4': {
    meaning: 'Number of segments is wrong',
    effect: 'rejects',
    remedy: 'See whether a segment is missing or twice there; otherwise correct SE01.',
  },
  '5': { meaning: 'Segments are in error', effect: 'rejects', remedy: 'Correct the segments named.' },
  '6': {
    meaning: 'Set identifier is missing or invalid',
    effect: 'rejects',
    remedy: 'Correct ST01, or put the set into a group (GS01) that may carry it.',
  },
  '7': {
    meaning: 'Set control number is missing or invalid',
    effect: 'rejects',
    remedy: 'Give ST02 four to nine letters or digits.',
  },
  '23': {
    meaning: 'Set control number is not unique in its group',
    effect: 'rejects',
    remedy: 'See whether the set was sent twice; otherwise give it another number.',
  },
} as const satisfies Record<string, Meaning>;

/** AK304, segment syntax error codes. */
export const segmentCodes = {
  '1': {
    meaning: 'Segment id is not recognised',
    effect: 'noted',
    remedy: 'Correct the id, or remove the segment: nothing in it is read.',
  },
  '2': { meaning: 'Segment is unexpected', effect: 'rejects', remedy: 'Move it to its place, or remove it.' },
  '3': { meaning: 'Mandatory segment is missing', effect: 'rejects', remedy: 'Add the segment.' },
  '4': {
    meaning: 'Loop occurs too often',
    effect: 'noted',
    remedy: 'Split the document, or remove what is too much.',
  },
  '5': { meaning: 'Segment occurs too often', effect: 'noted', remedy: 'Remove the segments that are too much.' },
  '6': {
    meaning: 'Segment is not part of this set',
    effect: 'noted',
    remedy: 'Remove the segment: nothing in it is read.',
  },
  '7': { meaning: 'Segment is out of sequence', effect: 'rejects', remedy: 'Move it to its place.' },
} as const satisfies Record<string, Meaning>;

/** AK403, data element syntax error codes. */
export const elementCodes = {
  '1': { meaning: 'Mandatory element is missing', effect: 'rejects', remedy: 'Add the value.' },
  '2': {
    meaning: 'Element is missing that another requires',
    effect: 'noted',
    remedy: 'Add the value, or remove the one that requires it.',
  },
  '3': { meaning: 'Too many elements', effect: 'noted', remedy: 'Remove what stands behind the last element.' },
  '4': { meaning: 'Element is too short', effect: 'noted', remedy: 'Write the value in full.' },
  '5': { meaning: 'Element is too long', effect: 'noted', remedy: 'Shorten the value.' },
  '6': {
    meaning: 'Invalid character',
    effect: 'rejects',
    remedy: 'Replace the character; the partner profile says which are allowed.',
  },
  '7': { meaning: 'Code is invalid', effect: 'noted', remedy: 'Use one of the codes of the list.' },
  '8': { meaning: 'Date is invalid', effect: 'rejects', remedy: 'Write the date as YYYYMMDD.' },
  '9': { meaning: 'Time is invalid', effect: 'rejects', remedy: 'Write the time as HHMM or HHMMSS.' },
  '10': {
    meaning: 'Elements exclude one another',
    effect: 'noted',
    remedy: 'Keep one of them.',
  },
} as const satisfies Record<string, Meaning>;

export const codesOf = {
  document: documentCodes,
  interchange: interchangeCodes,
  group: groupCodes,
  set: setCodes,
  segment: segmentCodes,
  element: elementCodes,
} as const;

export type ErrorLevel = keyof typeof codesOf;
export type CodeOf<L extends ErrorLevel> = keyof (typeof codesOf)[L] & string;
