import type { X12Delimiters } from '#contracts/x12/delimiters.ts';
import type { Partner } from '../partner.ts';

/** What a value may be written with: a partner's encoding and delimiters. */
export interface Writable {
  characters: Partner['characters'];
  delimiters: X12Delimiters;
}

const allowed: Readonly<Record<Partner['characters'], RegExp>> = {
  ascii: /^[\x20-\x7e]$/,
  'iso-8859-1': /^[\x20-\x7e\xa0-\xff]$/,
  'utf-8': /^[^\p{Cc}\p{Cs}\ufffd]$/u,
};

function canStand(character: string, { characters, delimiters }: Writable): boolean {
  const { element, component, repetition, terminator } = delimiters;
  return (
    allowed[characters].test(character) &&
    character !== element &&
    character !== component &&
    character !== repetition &&
    character !== terminator
  );
}

/** The first character of a value that cannot be written; undefined where it can be as it is. */
export const unwritableIn = (value: string, writable: Writable): string | undefined =>
  [...value].find((character) => !canStand(character, writable));

/** The value with what cannot be written replaced by what comes nearest: letters lose their accents, the rest is a space. */
export function nearestWritable(value: string, writable: Writable): string {
  return [...value]
    .map((character) => {
      if (canStand(character, writable)) return character;
      const plain = [...character.normalize('NFKD')].filter((part) => canStand(part, writable)).join('');
      return plain === '' ? ' ' : plain;
    })
    .join('')
    .trim();
}
