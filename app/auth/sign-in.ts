import { authenticate, type User, type UserStore } from '#platform/users.ts';
import type { Audit } from '#platform/audit.ts';
import { waitInWords, type Attempts } from './attempts.ts';
import type { Sessions } from './sessions.ts';

export interface Credentials {
  email: string;
  password: string;
  address: string;
  cookieHeader: string | undefined;
}

export type SignInResult =
  { ok: true; cookie: string; user: User } | { ok: false; status: 401 | 429; message: string; retryAfterS?: number };

export type SignIn = (credentials: Credentials) => Promise<SignInResult>;

/** Signs in by e-mail address and password. What is wrong is never said more precisely than "one of the two". */
export function createSignIn(parts: {
  users: UserStore;
  sessions: Sessions;
  attempts: Attempts;
  audit: Audit;
}): SignIn {
  return async ({ email, password, address, cookieHeader }) => {
    const attempt = await parts.attempts.take(email, address);
    const refused = (why: string) =>
      parts.audit.record({
        action: 'sign_in_refused',
        actor: '',
        outcome: 'refused',
        reason: why,
        personal: { address, email: email.slice(0, 254) },
      });
    if (!attempt.allowed) {
      refused('too many attempts');
      const { retryAfterS } = attempt;
      return { ok: false, status: 429, message: waitInWords(retryAfterS), retryAfterS };
    }
    const user = await authenticate(parts.users, email, password);
    if (!user) {
      refused('wrong address or password');
      return { ok: false, status: 401, message: 'The e-mail address or the password is not right.' };
    }
    await parts.attempts.forgive(email);
    const cookie = await parts.sessions.begin(user, cookieHeader);
    parts.audit.record({ action: 'signed_in', actor: user.id, personal: { address, email: user.email } });
    return { ok: true, cookie, user };
  };
}
