import { z } from 'zod';
import { natsSettings, port, readSettings } from '#platform/settings.ts';

/** Settings of the sync engine, from the environment. Secrets of outside systems are named in the estate file. */
const schema = z
  .object({
    ...natsSettings,
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

/** @returns the settings, or a message that names every bad variable. */
export const readEnv = (variables: NodeJS.ProcessEnv = process.env): { env: EngineEnv } | { problem: string } =>
  readSettings('The sync engine', schema, variables);

/** Variables that the estate file may name, for its addresses and secrets. */
export const estateVariables = (): Readonly<Record<string, string | undefined>> => process.env;
