import { z } from 'zod';

/** Those who have one phone number, by hashes of their names and e-mail addresses; empty where there is none. */
export const phoneEntries = z.array(z.object({ id: z.string(), name: z.string(), email: z.string() }));
export type PhoneEntry = z.infer<typeof phoneEntries>[number];

/**
 * Who of those with the same phone number a newcomer is. The same name makes them the same; e-mail addresses that are
 * both known and differ make it doubtful, whatever the names: a household shares a number, and so does somebody who
 * signed up twice.
 */
export function matchByPhone(
  entries: readonly PhoneEntry[],
  mine: PhoneEntry,
): { same: string } | { doubtful: string } | undefined {
  const others = entries.filter(({ id }) => id !== mine.id);
  const doubtful = others.find(({ email }) => email !== '' && mine.email !== '' && email !== mine.email);
  if (doubtful !== undefined) return { doubtful: doubtful.id };
  const same = others.filter(({ name }) => name !== '' && name === mine.name).sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  return same === undefined ? undefined : { same: same.id };
}

/**
 * The entries with this one noted: what it does not know stays as it was. `instead` names an entry made for the same
 * message before it was found out whose it is.
 */
export function notePhone(entries: readonly PhoneEntry[], mine: PhoneEntry, instead: string): PhoneEntry[] {
  const held = entries.find(({ id }) => id === mine.id);
  const entry = { id: mine.id, name: mine.name || (held?.name ?? ''), email: mine.email || (held?.email ?? '') };
  const others = entries.filter(({ id }) => id !== mine.id && id !== instead);
  return [...others, entry].sort((a, b) => (a.id < b.id ? -1 : 1));
}
