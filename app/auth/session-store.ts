import { createHash } from 'node:crypto';
import type { Adapter, DatabaseSession, DatabaseUser } from 'lucia';
import { z } from 'zod';
import type { Role } from '#contracts/v1/permissions.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { getJson, type KV } from '#platform/nats/kv.ts';
import { entriesOf } from '#platform/nats/list.ts';
import type { User, UserStore } from '#platform/users.ts';

declare module 'lucia' {
  interface Register {
    DatabaseUserAttributes: { email: string; name: string; roles: Role[] };
    DatabaseSessionAttributes: { epoch: number; created_at: string };
  }
}

const stored = z.object({ user_id: z.string(), expires_at: instant, created_at: instant, epoch: z.int() });
type Stored = z.infer<typeof stored>;

/** Sessions end this long after signing in, however busy: 7 days. */
export const longestSessionMs = 7 * 24 * 3_600_000;

/** Who reads the bucket cannot sign in with what is in it: the id itself is only in the cookie. */
export const sessionKey = (sessionId: string): string => createHash('sha256').update(sessionId).digest('hex');

/** lucia's sessions and users on JetStream KV. */
export function kvSessionStore(kv: KV, users: UserStore): Adapter {
  const read = async (id: string) => (await getJson(kv, sessionKey(id), stored))?.value;
  const write = (id: string, session: Stored) => kv.put(sessionKey(id), JSON.stringify(session));

  const deleteWhere = async (unwanted: (session: Stored) => boolean) => {
    for await (const entry of entriesOf(kv)) if (unwanted(stored.parse(entry.json()))) await kv.delete(entry.key);
  };

  return {
    async getSessionAndUser(id) {
      const session = await read(id);
      if (!session) return [null, null];
      const owner = await users.byId(session.user_id);
      return [asSession(id, session), owner && isAlive(session, owner) ? asUser(owner) : null];
    },
    // The ids themselves are not known here, and nothing in the console lists them.
    getUserSessions: async () => [],
    async setSession({ id, userId, expiresAt, attributes }) {
      await write(id, { user_id: userId, expires_at: expiresAt.toISOString(), ...attributes });
    },
    async updateSessionExpiration(id, expiresAt) {
      const session = await read(id);
      if (session) await write(id, { ...session, expires_at: expiresAt.toISOString() });
    },
    deleteSession: (id) => kv.delete(sessionKey(id)),
    deleteUserSessions: (userId) => deleteWhere((session) => session.user_id === userId),
    deleteExpiredSessions: () => deleteWhere((session) => Date.parse(session.expires_at) <= Date.now()),
  };
}

/** A change of roles, password or state raises the user's epoch and so ends every session begun before it. */
function isAlive(session: Stored, owner: User): boolean {
  const age = Date.now() - Date.parse(session.created_at);
  return !owner.disabled && owner.epoch === session.epoch && age < longestSessionMs;
}

const asSession = (id: string, session: Stored): DatabaseSession => ({
  id,
  userId: session.user_id,
  expiresAt: new Date(session.expires_at),
  attributes: { epoch: session.epoch, created_at: session.created_at },
});

const asUser = ({ id, email, name, roles }: User): DatabaseUser => ({ id, attributes: { email, name, roles } });
