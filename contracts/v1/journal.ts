import { z } from 'zod';
import { currencyCode, decimal, slug } from './primitives.ts';

/** Units of 10⁻⁶ of a decimal text, exact: contracts depend on no arithmetic library. Nothing of what is no decimal. */
const millionths = (text: string): bigint => {
  if (!decimal.safeParse(text).success) return 0n;
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
};

const positive = decimal.refine((text) => !text.startsWith('-') && millionths(text) > 0n, {
  error: 'expected an amount above zero: a debit taken back is a credit',
});

export const journalLine = z
  .object({
    /** What the account is for; the estate maps it to the ERP's own (`account.<name>` of the system's settings). */
    account: slug,
    debit: positive.optional(),
    credit: positive.optional(),
    memo: z.string().max(200).default(''),
  })
  .refine(({ debit, credit }) => (debit === undefined) !== (credit === undefined), {
    error: 'expected either a debit or a credit',
  });
export type JournalLine = z.infer<typeof journalLine>;

/** A journal entry: what an accounting event (a store's day, a payout) moves between accounts of one legal entity. */
export const journal = z
  .object({
    schema_version: z.literal(1),
    /** One key is one entry, ever. */
    posting_key: z.string().min(1).max(300),
    legal_entity: slug,
    currency: currencyCode,
    /** The day it counts for, in the legal entity's books. */
    date: z.iso.date(),
    memo: z.string().max(999),
    lines: z.array(journalLine).min(2).max(1000),
  })
  .superRefine(({ lines }, context) => {
    const total = (side: 'debit' | 'credit') => lines.reduce((sum, line) => sum + millionths(line[side] ?? '0'), 0n);
    if (total('debit') !== total('credit'))
      context.addIssue({ code: 'custom', path: ['lines'], message: 'debits and credits differ' });
  });
export type Journal = z.infer<typeof journal>;
