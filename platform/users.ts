import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { encodeToken } from '#contracts/v1/key.ts';
import { role, type Role } from '#contracts/v1/permissions.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getEntry, getJson, openBucket } from './nats/kv.ts';
import { valuesOf } from './nats/list.ts';
import { hashPassword, passwordLength, verifyPassword } from './password.ts';

export const user = z.object({
  id: z.string().min(1).max(64),
  email: z.string().max(254),
  name: z.string().min(1).max(100),
  roles: z.array(role).min(1),
  password_hash: z.string(),
  disabled: z.boolean(),
  /** Grows with every change of roles, password or state; sessions of an earlier epoch are dead. */
  epoch: z.int().nonnegative(),
  created_at: instant,
  updated_at: instant,
});
export type User = z.infer<typeof user>;

export const newUser = z.object({
  email: z.email('an e-mail address looks like name@example.com').max(254),
  name: z.string().trim().min(1).max(100),
  roles: z.array(role).min(1, 'give at least one role'),
  password: z
    .string()
    .min(passwordLength.min, `a password has at least ${passwordLength.min} characters`)
    .max(passwordLength.max, `a password has at most ${passwordLength.max} characters`),
});
export type NewUser = z.input<typeof newUser>;

/** Why a user could not be created or changed, in words for the person who tried. */
export class UserError extends Error {
  override name = 'UserError';
}

export interface UserStore {
  /** @throws UserError where the e-mail address is taken; ZodError where a field is not valid. */
  create(input: NewUser): Promise<User>;
  byId(id: string): Promise<User | undefined>;
  byEmail(email: string): Promise<User | undefined>;
  /** Everybody, by e-mail address. */
  list(): Promise<User[]>;
  /** Ends the user's sessions. @throws UserError where nobody has this id. */
  change(id: string, change: { roles?: Role[]; disabled?: boolean; password?: string; name?: string }): Promise<User>;
  /** Stores a hash made with today's parameters, unless the user changed meanwhile. Sessions live on. */
  renewHash(seen: User, password: string): Promise<void>;
}

const userKey = (id: string) => `user.${id}`;
const emailKey = (email: string) => `email.${encodeToken(email.trim().toLowerCase())}`;

/** Users in JetStream KV: one entry a user, and one an e-mail address that points to its user. */
export async function openUsers(nc: NatsConnection, now: () => Date = () => new Date()): Promise<UserStore> {
  const kv = await openBucket(nc, buckets.users);
  const byId = async (id: string) => (await getJson(kv, userKey(id), user))?.value;

  const byEmail = async (email: string) => {
    const pointer = await getEntry(kv, emailKey(email));
    return pointer && byId(pointer.string());
  };

  const update = async (id: string, next: (current: User) => Promise<User> | User): Promise<User> => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const current = await getJson(kv, userKey(id), user);
      if (!current) throw new UserError(`There is no user ${id}.`);
      const changed = user.parse(await next(current.value));
      if (await compareAndSwap(kv, userKey(id), JSON.stringify(changed), current.revision)) return changed;
    }
    throw new UserError('The user is being changed by somebody else; try again.');
  };

  return {
    byId,
    byEmail,

    async create(input) {
      const valid = newUser.parse(input);
      const at = now().toISOString();
      const { password, ...rest } = valid;
      const email = rest.email.trim().toLowerCase();
      const hash = await hashPassword(password);
      const created: User = {
        ...rest,
        id: randomUUID(),
        email,
        password_hash: hash,
        disabled: false,
        epoch: 0,
        created_at: at,
        updated_at: at,
      };
      const pointer = await getEntry(kv, emailKey(email));
      // A pointer without its user is left over from a creation that did not finish, and may be taken.
      const taken = pointer !== undefined && (await byId(pointer.string())) !== undefined;
      const won = !taken && (await compareAndSwap(kv, emailKey(email), created.id, pointer?.revision ?? 0));
      if (!won) throw new UserError(`${email} has an account already.`);
      await kv.create(userKey(created.id), JSON.stringify(created));
      return created;
    },

    async list() {
      const found = await valuesOf(kv, user, userKey('*'));
      return found.sort((a, b) => a.email.localeCompare(b.email));
    },

    change: (id, { password, ...change }) =>
      update(id, async (current) => ({
        ...current,
        ...change,
        ...(password === undefined
          ? {}
          : { password_hash: await hashPassword(newUser.shape.password.parse(password)) }),
        epoch: current.epoch + 1,
        updated_at: now().toISOString(),
      })),

    async renewHash(seen, password) {
      const renewed = await hashPassword(password);
      await update(seen.id, (current) =>
        current.password_hash === seen.password_hash ? { ...current, password_hash: renewed } : current,
      );
    },
  };
}

/** Compares against a hash of the same cost where nobody has the address, so that the answer takes as long. */
const nobodysHash = hashPassword(randomUUID());

/** The user whose address and password these are, or undefined. Takes equally long whether or not the address is known. */
export async function authenticate(users: UserStore, email: string, password: string): Promise<User | undefined> {
  const found = await users.byEmail(email);
  const { right, renew } = await verifyPassword(found?.password_hash ?? (await nobodysHash), password);
  if (!found || !right || found.disabled) return undefined;
  if (renew) await users.renewHash(found, password);
  return found;
}
