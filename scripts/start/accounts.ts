import type { NatsConnection } from '@nats-io/nats-core';
import { role, type Role } from '#contracts/v1/permissions.ts';
import { openUsers } from '#platform/users.ts';
import { newPassword, type Secrets } from './secrets.ts';

const domain = 'syncline.example';
const names: Record<Role, string> = {
  viewer: 'Vera Viewer',
  operations: 'Olu Operations',
  support: 'Sam Support',
  finance: 'Fay Finance',
  administrator: 'Ada Administrator',
};

export const addressOf = (held: Role): string => `${held}@${domain}`;

/**
 * The sign-ins of a fresh data directory: the administrator, and for a demonstration one person per role. Those that
 * exist are left alone; passwords are random and kept in the secrets file until they are changed in the console.
 */
export async function ensureSignIns(nats: NatsConnection, secrets: Secrets, demo: boolean): Promise<Secrets> {
  const users = await openUsers(nats);
  const passwords = { ...secrets.passwords };
  for (const held of demo ? role.options : (['administrator'] as const)) {
    const email = addressOf(held);
    if ((await users.byEmail(email)) !== undefined) continue;
    const password = passwords[email] ?? newPassword();
    await users.create({ email, name: names[held], roles: [held], password });
    passwords[email] = password;
  }
  return { ...secrets, passwords };
}
