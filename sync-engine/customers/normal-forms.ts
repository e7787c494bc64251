import { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Customer } from '#contracts/v1/customer.ts';

/** A day: no clock that is only slow or fast is further ahead, and what is would win over every later version. */
const AHEAD_MS = 24 * 60 * 60 * 1000;
const email = z.email();

/** The form in which two e-mail addresses are compared. */
export const normalEmail = (text: string): string => text.trim().toLowerCase();

/** The form in which two phone numbers are compared: digits, with a plus where the country is part of it. */
export const normalPhone = (text: string): string =>
  text
    .trim()
    .replace(/[\s().\-/]/g, '')
    .replace(/^00/, '+');

/** The form in which two names are compared: without case, accents, punctuation and doubled spaces. */
export const normalName = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What is wrong with a customer, by field. No message repeats a value: it is somebody's. */
export function customerProblems(customer: Customer, now: Date): CaseProblem[] {
  const wrong: CaseProblem[] = [];
  const say = (field: string, error_code: string, message: string) =>
    wrong.push({ error_class: 'validation', error_code, path: `/${field}`, document: 'received', message });
  const { email: address = '', phone = '' } = customer;
  if (address.trim() !== '' && !email.safeParse(normalEmail(address)).success)
    say('email', 'malformed_email', 'email: expected an address such as name@example.com. Correct it and replay.');
  if (phone.trim() !== '' && !/^\+?\d{6,15}$/.test(normalPhone(phone)))
    say('phone', 'malformed_phone', 'phone: expected 6 to 15 digits, such as +1 212 555 0100. Correct it and replay.');
  const ahead = (at: string) => Date.parse(at) > now.getTime() + AHEAD_MS;
  if (ahead(customer.updated_at))
    say('updated_at', 'future_version', 'updated_at lies in the future: nothing later would be newer.');
  if (customer.marketing_consent !== undefined && ahead(customer.marketing_consent.at))
    say('marketing_consent', 'future_consent', 'The consent was given in the future: no withdrawal would be later.');
  return wrong;
}
