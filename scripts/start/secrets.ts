import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secretsFile = z.object({
  v: z.literal(1),
  /** Values of the estate's `env:NAME` settings, by NAME. */
  vendors: z.record(z.string(), z.string()),
  /** Sign-ins made for this data directory, by e-mail address. */
  passwords: z.record(z.string(), z.string()),
  /** Keys of API clients, `<id>.<secret>`, by client id. */
  api_keys: z.record(z.string(), z.string()),
  nats: z.object({ user: z.string(), password: z.string() }),
  /** Opens the control address of the simulated estate. */
  simulator_token: z.string(),
});
export type Secrets = z.infer<typeof secretsFile>;

/** 192 random bits, in characters that need no quoting anywhere. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** A password a person can type: 100 random bits in groups, without look-alike letters. */
export function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const picks = Array.from(randomBytes(60))
    .filter((byte) => byte < letters.length * Math.floor(256 / letters.length))
    .slice(0, 20)
    .map((byte) => letters[byte % letters.length]);
  return [0, 5, 10, 15].map((at) => picks.slice(at, at + 5).join('')).join('-');
}

const fileOf = (dataDir: string) => join(dataDir, 'secrets.json');

/** The secrets of a data directory, or undefined before its first start. @throws where the file is damaged. */
export function readSecrets(dataDir: string): Secrets | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(dataDir), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return secretsFile.parse(JSON.parse(text));
}

/** Replaces the file whole, readable by its owner only. */
export function writeSecrets(dataDir: string, secrets: Secrets): void {
  const temporary = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, fileOf(dataDir));
}

export function freshSecrets(): Secrets {
  return {
    v: 1,
    vendors: {},
    passwords: {},
    api_keys: {},
    nats: { user: 'syncline', password: newSecret() },
    simulator_token: newSecret(),
  };
}
