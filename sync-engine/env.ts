import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Settings of the sync engine, from the environment. Secrets of outside systems are named in the estate file. */
const schema = z
  .object({
    NATS_URL: z.string().min(1).default('nats://127.0.0.1:4620'),
    NATS_USER: z.string().min(1).optional(),
    NATS_PASSWORD: z.string().min(1).optional(),
    /** Copies of every stream: 3 on a cluster. */
    NATS_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
    /** How long events and payloads are kept in NATS. */
    RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
    ESTATE_FILE: z.string().min(1).default('config/estate.yaml'),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: port.default(4601),
    OPS_PORT: port.default(4602),
    /** Addresses of proxies whose X-Forwarded-For is believed, comma separated. */
    TRUST_PROXY: z.string().min(1).optional(),
    /** A lease not renewed for this long passes to another replica. */
    LEASE_MS: z.coerce.number().int().min(500).max(60_000).default(6_000),
    /** Work that was handed out and not acknowledged for this long is handed out again. */
    ACK_WAIT_MS: z.coerce.number().int().min(1_000).max(600_000).default(30_000),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    /** Crash tests only: the point at which this process ends itself, `name` or `name@n`. */
    CRASH_POINT: z.string().optional(),
    /** Crash tests only: proves that they would notice if steps were written without their fence. */
    UNSAFE_WITHOUT_FENCE: z.enum(['true']).optional(),
  })
  .readonly();
export type EngineEnv = z.infer<typeof schema>;

/** Reads the settings. @returns them, or a message that names every bad variable. */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): { env: EngineEnv } | { problem: string } {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return { env: parsed.data };
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  return { problem: `The sync engine cannot start; correct these variables:\n${problems.join('\n')}` };
}

/** The settings as text, secrets masked, for --print-config. */
export function describeEnv(env: EngineEnv): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${name.includes('PASSWORD') ? '********' : String(value)}`)
    .join('\n');
}

/** Variables that the estate file may name, for its addresses and secrets. */
export const estateVariables = (): Readonly<Record<string, string | undefined>> => process.env;
