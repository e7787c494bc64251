import { may, type Permission } from '#contracts/v1/permissions.ts';
import type { User, UserStore } from '#platform/users.ts';

type Person = Pick<User, 'id' | 'email' | 'name' | 'roles' | 'disabled'>;

export interface People {
  /** E-mail addresses by user id; whoever is no longer there is missing. */
  emails(): Promise<ReadonlyMap<string, string>>;
  /** Addresses of those who may do this and can sign in, in alphabetical order. */
  whoMay(wanted: Permission): Promise<string[]>;
}

const freshMs = 30_000;

/** The people with an account, read again after half a minute at most. */
export function openPeople(users: Pick<UserStore, 'list'>, now: () => number = Date.now): People {
  let known: { at: number; people: Promise<Person[]> } | undefined;
  const everybody = (): Promise<Person[]> => {
    if (known !== undefined && now() - known.at < freshMs) return known.people;
    const asked = { at: now(), people: users.list() };
    known = asked;
    // A failed look is not kept: the next asks again.
    asked.people.catch(() => (known = known === asked ? undefined : known));
    return asked.people;
  };
  return {
    emails: async () => new Map((await everybody()).map(({ id, email }) => [id, email])),
    whoMay: async (wanted) =>
      (await everybody()).filter(({ roles, disabled }) => !disabled && may(roles, wanted)).map(({ email }) => email),
  };
}
