import { z } from 'zod';

/** Settings of the console as a service of its own (server mode), from the environment. */
const schema = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(4600),
    HOST: z.string().min(1).default('127.0.0.1'),
    NATS_URL: z.string().min(1).default('nats://127.0.0.1:4620'),
    NATS_USER: z.string().min(1).optional(),
    NATS_PASSWORD: z.string().min(1).optional(),
    CLICKHOUSE_URL: z.url(),
    CLICKHOUSE_DATABASE: z.string().min(1).default('syncline'),
    CLICKHOUSE_USER: z.string().min(1).optional(),
    CLICKHOUSE_PASSWORD: z.string().optional(),
    /** How browsers reach the console. Over https cookies become Secure. */
    PUBLIC_ORIGIN: z
      .url()
      .refine(
        (text) => new URL(text).origin === text,
        'expected scheme, host and port only, like https://console.example.com',
      )
      .optional(),
    /** Reverse proxies in front whose X-Forwarded headers count. */
    TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
    ESTATE_FILE: z.string().min(1).default('config/estate.yaml'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .readonly();
export type ConsoleEnv = z.infer<typeof schema>;

/** Reads the settings. @returns them, or a message that names every bad variable. */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): { env: ConsoleEnv } | { problem: string } {
  // An empty variable is one that is not set: compose files and shells write it so.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return { env: parsed.data };
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  return { problem: `The console cannot start; correct these variables:\n${problems.join('\n')}` };
}

/** The settings as text, secrets masked, for --print-config. */
export function describeEnv(env: ConsoleEnv): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${name.includes('PASSWORD') ? '********' : maskUrl(String(value))}`)
    .join('\n');
}

/** Hides the password a URL may carry. */
const maskUrl = (text: string): string => text.replace(/(:\/\/[^:/@\s]+):[^@/\s]+@/g, '$1:********@');
