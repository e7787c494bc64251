import { z } from 'zod';
import { natsSettings, port, readSettings } from '#platform/settings.ts';
import { otlpSettings } from './otlp/settings.ts';

/** Settings of ingest as a service of its own, from the environment. */
const schema = z
  .object({
    ...natsSettings,
    /** A ClickHouse server; without it the embedded one is opened over CLICKHOUSE_PATH. */
    CLICKHOUSE_URL: z.url().optional(),
    CLICKHOUSE_PATH: z.string().min(1).default('data/clickhouse'),
    CLICKHOUSE_DATABASE: z.string().regex(/^\w+$/, 'expected letters, digits and underscores').default('syncline'),
    CLICKHOUSE_USER: z.string().min(1).optional(),
    CLICKHOUSE_PASSWORD: z.string().optional(),
    /** Makes the tables Replicated, on this cluster of one shard. */
    CLICKHOUSE_CLUSTER: z
      .string()
      .regex(/^[\w-]+$/, 'expected a cluster name as in system.clusters')
      .optional(),
    /** Writers of STEPS: 1, or 8 to spread over replicas. Cannot change once events have been ingested. */
    INGEST_SHARDS: z
      .enum(['1', '8'])
      .default('1')
      .transform((text) => (text === '8' ? (8 as const) : (1 as const))),
    /** A block is closed at this many events, or this many milliseconds after its first. */
    INGEST_BLOCK_EVENTS: z.coerce.number().int().min(1).max(200_000).default(20_000),
    INGEST_BLOCK_MS: z.coerce.number().int().min(5).max(10_000).default(400),
    HOST: z.string().min(1).default('127.0.0.1'),
    OPS_PORT: port.default(4603),
    ...otlpSettings,
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    /** A lease not renewed for this long passes to another replica. */
    LEASE_MS: z.coerce.number().int().min(500).max(60_000).default(6_000),
    /** Crash tests only: the point at which this process ends itself, `name` or `name@n`. */
    CRASH_POINT: z.string().optional(),
    /** Crash tests only: proves that they would notice if blocks were landed without being claimed first. */
    UNSAFE_WITHOUT_CLAIM: z.enum(['true']).optional(),
  })
  .readonly();
export type IngestEnv = z.infer<typeof schema>;

/** @returns the settings, or a message that names every bad variable. */
export const readEnv = (variables: NodeJS.ProcessEnv = process.env): { env: IngestEnv } | { problem: string } =>
  readSettings('Ingest', schema, variables);
