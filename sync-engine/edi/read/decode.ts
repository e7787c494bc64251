import type { Partner } from '../partner.ts';
import type { FunctionalGroup } from '../reading.ts';

/**
 * Turns the bytes of values into text by the partner's encoding. What is none in it becomes U+FFFD, which the check of
 * characters names; offsets stay those of the bytes.
 */
export function decodeSegments({ sets }: FunctionalGroup, characters: Partner['characters']): void {
  for (const { segments } of sets)
    for (const segment of segments)
      if (segment.elements.some((value) => beyondAscii.test(value))) {
        segment.raw = segment.elements;
        segment.elements = segment.elements.map((value) => decodeValue(value, characters));
      }
}

const beyondAscii = /[^\u0000-\u007f]/;

function decodeValue(value: string, characters: Partner['characters']): string {
  if (!beyondAscii.test(value)) return value;
  switch (characters) {
    case 'iso-8859-1': {
      // What was corrected in the console is UTF-8; Latin-1 that happens to be valid UTF-8 is no text anybody writes.
      const corrected = Buffer.from(value, 'latin1').toString('utf8');
      return corrected.includes('\ufffd') ? value : corrected;
    }
    case 'utf-8':
      return Buffer.from(value, 'latin1').toString('utf8');
    case 'ascii':
      return value.replace(/[^\p{ASCII}]+/gu, '\ufffd');
  }
}
