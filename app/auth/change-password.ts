import type { Audit } from '#platform/audit.ts';
import { authenticate, newUser, type UserStore } from '#platform/users.ts';
import { waitInWords, type Attempts } from './attempts.ts';
import type { Sessions } from './sessions.ts';
import type { Viewer } from './viewer.ts';

export interface PasswordChange {
  viewer: Viewer;
  current: string;
  wanted: string;
  /** The new password typed once more. */
  repeated: string;
  address: string;
  cookieHeader: string | undefined;
}

export type PasswordField = 'current' | 'wanted' | 'repeated';

export type PasswordResult =
  | { ok: true; cookie: string }
  | { ok: false; status: 401 | 422 | 429; message: string; field?: PasswordField; retryAfterS?: number };

export type ChangePassword = (change: PasswordChange) => Promise<PasswordResult>;

/**
 * Changes one's own password under the rules of a new user's. Guesses at the current one count as attempts to sign in.
 * Every session of the user ends; the browser that asked begins a new one, whose cookie is returned.
 */
export function createChangePassword(parts: {
  users: UserStore;
  sessions: Sessions;
  attempts: Attempts;
  audit: Audit;
}): ChangePassword {
  return async ({ viewer, current, wanted, repeated, address, cookieHeader }) => {
    // What is wrong with the new one is said before the current one is looked at: it costs no attempt.
    const problem = problemWith(current, wanted, repeated);
    if (problem) return { ok: false, status: 422, ...problem };
    const attempt = await parts.attempts.take(viewer.email, address);
    const refused = (why: string) =>
      parts.audit.record({
        action: 'password_change_refused',
        actor: viewer.id,
        outcome: 'refused',
        reason: why,
        personal: { address },
      });
    if (!attempt.allowed) {
      refused('too many attempts');
      const { retryAfterS } = attempt;
      return { ok: false, status: 429, message: waitInWords(retryAfterS), retryAfterS };
    }
    const user = await authenticate(parts.users, viewer.email, current);
    if (user?.id !== viewer.id) {
      refused('wrong current password');
      return { ok: false, status: 401, field: 'current', message: 'This is not your current password.' };
    }
    await parts.attempts.forgive(viewer.email);
    const changed = await parts.users.change(viewer.id, { password: wanted });
    const cookie = await parts.sessions.begin(changed, cookieHeader);
    parts.audit.record({ action: 'password_changed', actor: viewer.id, personal: { address, email: viewer.email } });
    return { ok: true, cookie };
  };
}

function problemWith(
  current: string,
  wanted: string,
  repeated: string,
): { field: PasswordField; message: string } | undefined {
  if (current === '') return { field: 'current', message: 'Give your current password.' };
  const rules = newUser.shape.password.safeParse(wanted);
  if (!rules.success) return { field: 'wanted', message: inSentence(rules.error.issues[0]?.message ?? '') };
  if (wanted === current) return { field: 'wanted', message: 'This is the password you have now; choose another.' };
  if (wanted !== repeated) return { field: 'repeated', message: 'This is not the same as the new password.' };
  return undefined;
}

const inSentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
