import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { caseId as caseIdForm } from '#contracts/v1/commands.ts';
import { caseTag } from '#contracts/v1/case.ts';
import { fingerprint } from '#contracts/v1/cause.ts';
import { isTransactionKey } from '#contracts/v1/key.ts';
import { mappingKind, type MappingKind } from '#contracts/v1/mapping.ts';
import { repairId } from '#contracts/v1/repair.ts';
import { slug } from '#contracts/v1/primitives.ts';
import { stepStatus } from '#contracts/v1/step-event.ts';

/** Readers of what was typed: each returns the value, or says what to give instead. commander names the argument. */

export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 86_400) throw new InvalidArgumentError('Give a number of seconds, at most 86400.');
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number above zero.');
  return value;
}

/** Text of at most `max` characters that is not empty. */
export const words = (max: number) => (text: string) => {
  if (text.trim() === '') throw new InvalidArgumentError('It may not be empty.');
  if (text.length > max) throw new InvalidArgumentError(`Give at most ${max} characters.`);
  return text;
};

/** A reason as the engine keeps it. */
export const reason = words(1000);

export function caseId(text: string): string {
  return fitting(caseIdForm, text, 'Give the id of one case, as "syncline cases list" shows it.');
}

export function causeId(text: string): string {
  return fitting(fingerprint, text, 'Give the fingerprint of a cause, as "syncline cases causes" shows it.');
}

/** Id of a repair, a rule or a trial. */
export function repairName(text: string): string {
  return fitting(repairId, text, 'Give an id of letters, digits, hyphens and underscores, 64 at most.');
}

export function tag(text: string, all: string[] = []): string[] {
  return [...all, fitting(caseTag, text, 'A tag is lower-case letters, digits and hyphens, 40 at most.')];
}

/** Replays a second. */
export function rate(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 200)) throw new InvalidArgumentError('Give a number from 0.1 to 200.');
  return value;
}

/** That many days from now. */
export function daysAhead(text: string): Date {
  return new Date(Date.now() + Math.min(wholeNumber(text), 3_650) * 86_400_000);
}

export function orderKey(text: string): string {
  if (!isTransactionKey(text))
    throw new InvalidArgumentError('Give one transaction key, as "syncline steps tail" shows it.');
  return text;
}

export function systemId(text: string): string {
  return fitting(slug, text, 'Give the id of a system, as the estate file has it.');
}

export function mappingKindOf(text: string): MappingKind {
  return fitting(mappingKind, text, `Give one of ${mappingKind.options.join(', ')}.`);
}

/** `<step>` or `<step>:<status>`; completed unless said otherwise. */
export function stepAndStatus(text: string): { step: string; status: string; text: string } {
  const [step = '', status = 'completed', ...more] = text.split(':');
  if (!/^[a-z][a-z0-9_]*$/.test(step) || more.length > 0)
    throw new InvalidArgumentError('Give the name of a step, such as settle or settle:completed.');
  fitting(stepStatus, status, `A status is one of ${stepStatus.options.join(', ')}.`);
  return { step, status, text };
}

/** An address to fetch from. */
export function httpUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('Give an address such as http://127.0.0.1:4601.');
  return text;
}

function fitting<T>(schema: z.ZodType<T>, text: string, remedy: string): T {
  const parsed = schema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(remedy);
  return parsed.data;
}
