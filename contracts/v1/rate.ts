import { z } from 'zod';
import { currencyCode, instant } from './primitives.ts';

/** What one unit of a currency is worth in the reporting currency: "1.0834". Above zero. */
export const rateText = z
  .string()
  .regex(
    /^(?=.*[1-9])\d{1,8}(\.\d{1,10})?$/,
    'expected a rate above zero such as "1.0834", with at most ten digits after the point',
  );

/** A UTC day: "2026-03-01". */
export const utcDay = z.iso.date({ error: 'expected a day such as "2026-03-01"' });

/** The rate of a currency from a day on, until a later day has one. */
export const datedRate = z.object({ day: utcDay, currency: currencyCode, rate: rateText });
export type DatedRate = z.infer<typeof datedRate>;

const setBy = {
  rate: rateText,
  set_by: z.string().min(1).max(200),
  set_at: instant,
  reason: z.string().max(1000),
};

/** Former values that a rate keeps. Of older ones the audit trail says who set them and when, not what they were. */
export const MOST_FORMER_RATES = 50;

/** A dated rate as it is kept in KV bucket RATES under `<reporting currency>.<currency>.<day>`. A correction is a new version of it. */
export const storedRate = datedRate.extend({
  ...setBy,
  /** What it is a rate to: one to another currency counts for nothing. */
  reporting_currency: currencyCode,
  version: z.int().positive(),
  /** What it was before, newest first. */
  former: z.array(z.object(setBy)).max(MOST_FORMER_RATES),
});
export type StoredRate = z.infer<typeof storedRate>;

/** Rates that one command may set: the request is one NATS message. */
export const MOST_RATES = 5_000;
