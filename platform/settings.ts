import { z } from 'zod';

/** A TCP port; 0 means any free one. */
export const port = z.coerce.number().int().min(0).max(65_535);

/** How a process reaches NATS. */
export const natsSettings = {
  NATS_URL: z.string().min(1).default('nats://127.0.0.1:4620'),
  NATS_USER: z.string().min(1).optional(),
  NATS_PASSWORD: z.string().min(1).optional(),
};

/**
 * Reads the settings of a process from its environment variables. An empty variable is one that is not set: compose
 * files and shells write it so.
 *
 * @param who as the message names the process: "Ingest", "The console"
 * @returns the settings, or one message that names every bad variable
 */
export function readSettings<S extends z.ZodType>(
  who: string,
  schema: S,
  variables: Readonly<Record<string, string | undefined>>,
): { env: z.output<S> } | { problem: string } {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return { env: parsed.data };
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  return { problem: `${who} cannot start; correct these variables:\n${problems.join('\n')}` };
}

/** Settings as lines of text for --print-config: secrets are masked, and so is a password inside an address. */
export function describeSettings(env: object): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${isSecret(name) ? '********' : maskUrl(String(value))}`)
    .join('\n');
}

const isSecret = (name: string): boolean => /PASSWORD|SECRET|KEY|TOKEN/.test(name);

const maskUrl = (text: string): string => text.replace(/(:\/\/[^:/@\s]*):[^@/\s]+@/g, '$1:********@');
