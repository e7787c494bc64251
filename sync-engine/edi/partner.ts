import { z } from 'zod';
import { currencyCode, slug } from '#contracts/v1/primitives.ts';
import { spokenSets } from './grammar/sets.ts';

/** One side of an exchange, by the ids that stand in its envelopes. */
export const x12Identity = z.object({
  /** ISA05 or ISA07. */
  qualifier: z.string().regex(/^[0-9A-Z]{2}$/, 'expected two letters or digits such as "ZZ"'),
  /** ISA06 or ISA08, without the spaces behind it. */
  id: z.string().regex(/^[!-~]([ -~]{0,13}[!-~])?$/, 'expected 1 to 15 visible characters'),
  /** GS02 or GS03. */
  group: z.string().regex(/^[!-~]([ -~]{0,13}[!-~])$/, 'expected 2 to 15 visible characters'),
});

const delimiter = z.string().regex(/^[^\p{L}\p{N} \r\n]$/u, 'expected one character that is no letter, digit or space');

export const partnerDelimiters = z
  .object({
    element: delimiter.default('*'),
    component: delimiter.default('>'),
    repetition: delimiter.optional(),
    terminator: z.union([delimiter, z.enum(['\n', '\r\n'])]).default('~'),
    /** Written behind each terminator, for readers. */
    line_break: z.enum(['', '\n', '\r\n']).default(''),
  })
  .superRefine(({ line_break: _, ...characters }, context) => {
    const used = Object.values(characters).filter((character) => character !== undefined);
    if (new Set(used).size !== used.length)
      context.addIssue({ code: 'custom', message: 'every delimiter must be another character' });
  });

const setId = z.enum(spokenSets as [string, ...string[]]);

/** What was agreed with a trading partner: who is who, how documents are written, and what their codes mean. */
export const partner = z.object({
  id: slug,
  us: x12Identity,
  them: x12Identity,
  /** ISA12 of what is written. */
  interchange_version: z.enum(['00401', '00501']).default('00401'),
  /** GS08 of what is written. */
  version: z
    .string()
    .regex(/^00[45]010[A-Z0-9]{0,6}$/, 'expected a version such as "004010"')
    .default('004010'),
  usage: z.enum(['P', 'T']).default('P'),
  delimiters: partnerDelimiters.default(partnerDelimiters.parse({})),
  /** Sets that are taken from them; 997 always is. */
  receives: z.array(setId).default([]),
  /** Documents without an envelope are taken, as sent by e-mail, and read with the delimiters above. */
  fragments: z.boolean().default(false),
  /** Bytes that may stand in values; what is no ASCII in others is an error. */
  characters: z.enum(['ascii', 'utf-8', 'iso-8859-1']).default('ascii'),
  /** Of a value that cannot be written as it is: refuse the document, or write what comes nearest. */
  unwritable: z.enum(['refuse', 'replace']).default('refuse'),
  /** strict: a set with any error is rejected. lenient: errors that lose nothing are noted and the set is taken. */
  acceptance: z.enum(['strict', 'lenient']).default('lenient'),
  acknowledge: z
    .object({
      functional: z.enum(['always', 'errors', 'never']).default('always'),
      /** requested: as ISA14 of the interchange asks. */
      interchange: z.enum(['requested', 'always', 'never']).default('requested'),
    })
    .default({ functional: 'always', interchange: 'requested' }),
  /** Dates and times of documents are in this zone (IANA). */
  time_zone: z.string().default('UTC'),
  /** Of documents that name none. */
  currency: currencyCode.default('USD'),
  /** Of addresses that name none (ISO 3166-1 alpha-2). */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('US'),
  sku: z
    .object({
      /** Qualifiers of product codes (PO106 …) that lead to a SKU, the best first. */
      read: z.array(z.string().length(2)).min(1).default(['VN', 'UP', 'BP']),
      /** The one our SKUs are written under. */
      write: z.string().length(2).default('VN'),
    })
    .default({ read: ['VN', 'UP', 'BP'], write: 'VN' }),
  /** How many of our units one of theirs is: EA 1, a case of twelve CA 12. */
  units: z.record(z.string().length(2), z.int().positive().max(100_000)).default({ EA: 1 }),
  /** The unit that is written. */
  unit: z.string().length(2).default('EA'),
  /** Their codes of places that have no mapping (N104 …) → location of the estate. */
  locations: z.record(z.string().min(1).max(80), slug).default({}),
  /** Qualifier of codes of places that is written (N103). */
  location_qualifier: z.string().min(1).max(2).default('92'),
});
export type Partner = z.infer<typeof partner>;
