import type { X12Delimiters } from '#contracts/x12/delimiters.ts';
import type { Partner } from '../partner.ts';
import { verdictOf, type Interchange, type TransactionSet, type X12Reading } from '../reading.ts';
import { checkGroup } from './check-group.ts';
import { checkInterchange } from './check-interchange.ts';
import { decodeSegments } from './decode.ts';
import { readEnvelopes } from './envelope.ts';

export interface ReadPolicy {
  /** Everybody who may send: an interchange belongs to the one whose ids stand in its ISA. */
  partners: readonly Partner[];
  /** Who sent a document that has no envelope; it is read only where their profile allows that. */
  fragmentsFrom?: Partner;
}

/**
 * Reads an X12 document as far as it can be read. What is right is accepted, and every byte that is not in an accepted set
 * or its envelope is named by an error with its X12 code, place and remedy. Nothing is thrown. Linear in the document.
 */
export function readX12(bytes: Uint8Array, { partners, fragmentsFrom }: ReadPolicy): X12Reading {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const alone = fragmentsFrom?.fragments === true ? fragmentsFrom : undefined;
  const reading = readEnvelopes(text, alone && delimitersOf(alone));
  for (const interchange of reading.interchanges) {
    const partner = interchange.header === undefined ? alone : partnerOf(interchange, partners);
    if (partner !== undefined) interchange.partner = partner;
    checkInterchange(interchange, partner, partners);
    const strict = partner?.acceptance === 'strict';
    interchange.verdict = verdictOf(interchange.errors, strict);
    for (const group of interchange.groups) {
      if (partner !== undefined) {
        decodeSegments(group, partner.characters);
        checkGroup(group, partner, interchange.header === undefined);
      }
      if (interchange.verdict === 'rejected') group.verdict = 'rejected';
      if (group.verdict === 'rejected') for (const set of group.sets) set.verdict = 'rejected';
    }
  }
  return reading;
}

function partnerOf({ header }: Interchange, partners: readonly Partner[]): Partner | undefined {
  return partners.find(
    ({ us, them }) =>
      us.qualifier === header?.receiverQualifier &&
      us.id === header.receiver &&
      them.qualifier === header.senderQualifier &&
      them.id === header.sender,
  );
}

export function delimitersOf({ delimiters }: Partner): X12Delimiters {
  const { element, component, repetition, terminator } = delimiters;
  return { element, component, terminator, ...(repetition === undefined ? {} : { repetition }) };
}

/** The sets of a reading that may be processed, each with the interchange and group it came in. */
export function acceptedSets({ interchanges }: X12Reading) {
  return interchanges.flatMap((interchange) =>
    interchange.groups.flatMap((group) =>
      group.sets
        .filter((set): set is TransactionSet & Required<Pick<TransactionSet, 'content'>> => set.verdict !== 'rejected')
        .map((set) => ({ interchange, group, set })),
    ),
  );
}
