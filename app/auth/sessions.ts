import type { NatsConnection } from '@nats-io/nats-core';
import { Lucia, TimeSpan } from 'lucia';
import { buckets } from '#contracts/v1/subjects.ts';
import { openBucket } from '#platform/nats/kv.ts';
import type { User, UserStore } from '#platform/users.ts';
import { kvSessionStore } from './session-store.ts';
import type { Viewer } from './viewer.ts';

/** A session unused for this long is over; one in use is prolonged when half of it has passed. */
const idleHours = 12;

export interface Sessions {
  /**
   * Who the cookies belong to; `ended` where they name a session that is over. `cookie` is a Set-Cookie value to send
   * along where the session was prolonged or is over.
   */
  read(cookieHeader: string | undefined): Promise<{ viewer: Viewer | null; ended: boolean; cookie?: string }>;
  /** Begins a session under a new id and ends the one the browser came with. Returns the Set-Cookie value. */
  begin(user: User, cookieHeader: string | undefined): Promise<string>;
  /** Ends the session of these cookies. Returns the Set-Cookie value that clears it. */
  end(cookieHeader: string | undefined): Promise<string>;
}

/**
 * The only module that knows lucia, whose third version is final upstream: to replace it, replace this file and
 * session-store.ts.
 * @param options.https - whether browsers reach the console over https: then the cookie is Secure and `__Host-`
 */
export async function openSessions(
  nc: NatsConnection,
  users: UserStore,
  options: { https: boolean },
): Promise<Sessions> {
  const kv = await openBucket(nc, buckets.sessions, { ttl: (idleHours + 1) * 3_600_000 });
  const lucia = new Lucia(kvSessionStore(kv, users), {
    sessionExpiresIn: new TimeSpan(idleHours, 'h'),
    sessionCookie: {
      name: options.https ? '__Host-syncline' : 'syncline_session',
      // The cookie outlives the session: what comes back with a dead one was signed in before, and is told that it ended.
      expires: false,
      attributes: { secure: options.https, sameSite: 'lax', path: '/' },
    },
    getUserAttributes: ({ email, name, roles }) => ({ email, name, roles }),
  });
  const idOf = (header: string | undefined) => lucia.readSessionCookie(header ?? '');

  return {
    async read(header) {
      const id = idOf(header);
      if (!id) return { viewer: null, ended: false };
      const { session, user } = await lucia.validateSession(id);
      if (!session) return { viewer: null, ended: true, cookie: lucia.createBlankSessionCookie().serialize() };
      const viewer: Viewer = { id: user.id, email: user.email, name: user.name, roles: user.roles };
      const renewed = session.fresh ? { cookie: lucia.createSessionCookie(session.id).serialize() } : {};
      return { viewer, ended: false, ...renewed };
    },
    async begin(user, header) {
      const former = idOf(header);
      if (former) await lucia.invalidateSession(former);
      const session = await lucia.createSession(user.id, { epoch: user.epoch, created_at: new Date().toISOString() });
      return lucia.createSessionCookie(session.id).serialize();
    },
    async end(header) {
      const id = idOf(header);
      if (id) await lucia.invalidateSession(id);
      return lucia.createBlankSessionCookie().serialize();
    },
  };
}

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<Record<never, never>, { email: string; name: string; roles: Viewer['roles'] }>;
  }
}
