import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Settings of the process that holds the embedded ClickHouse; scripts/start sets them. */
const schema = z.object({
  PORT: port.default(4600),
  OPS_PORT: port.default(4603),
  HOST: z.string().min(1).default('127.0.0.1'),
  NATS_URL: z.string().min(1).default('nats://127.0.0.1:4620'),
  NATS_USER: z.string().min(1).optional(),
  NATS_PASSWORD: z.string().min(1).optional(),
  CLICKHOUSE_PATH: z.string().min(1),
  ESTATE_FILE: z.string().min(1).default('config/estate.yaml'),
  /** Days that the events and payloads of a transaction stay in NATS. */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type ConsoleIngestEnv = z.infer<typeof schema>;

/** @returns the settings, or what to correct in words that name each variable. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): { env: ConsoleIngestEnv } | { problem: string } {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return { env: parsed.data };
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  return { problem: `Console and ingest cannot start; correct these variables:\n${problems.join('\n')}` };
}
