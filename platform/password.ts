import { hash, parseOptions, verify } from '@node-rs/argon2';

/** argon2id with the parameters of the OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const passwordLength = { min: 12, max: 256 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

/**
 * Whether the password is right, and whether its hash was made with other parameters than today's and should be renewed.
 * Never throws for a malformed hash: that is a wrong password.
 */
export async function verifyPassword(stored: string, password: string): Promise<{ right: boolean; renew: boolean }> {
  if (password.length > passwordLength.max) return { right: false, renew: false };
  try {
    const right = await verify(stored, password);
    return { right, renew: right && isOutdated(stored) };
  } catch {
    return { right: false, renew: false };
  }
}

function isOutdated(stored: string): boolean {
  const made = parseOptions(stored);
  return (
    made.memoryCost !== cost.memoryCost || made.timeCost !== cost.timeCost || made.parallelism !== cost.parallelism
  );
}
