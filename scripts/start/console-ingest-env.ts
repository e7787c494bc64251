import { z } from 'zod';
import { otlpSettings } from '#ingest/otlp/settings.ts';
import { natsSettings, port, readSettings } from '#platform/settings.ts';

/** Settings of the process that holds the embedded ClickHouse; scripts/start sets them. */
const schema = z.object({
  PORT: port.default(4600),
  OPS_PORT: port.default(4603),
  ...otlpSettings,
  HOST: z.string().min(1).default('127.0.0.1'),
  ...natsSettings,
  CLICKHOUSE_PATH: z.string().min(1),
  ESTATE_FILE: z.string().min(1).default('config/estate.yaml'),
  /** Days that the events and payloads of a transaction stay in NATS. */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type ConsoleIngestEnv = z.infer<typeof schema>;

/** @returns the settings, or what to correct in words that name each variable. */
export const readEnvironment = (
  variables: Readonly<Record<string, string | undefined>>,
): { env: ConsoleIngestEnv } | { problem: string } => readSettings('Console and ingest', schema, variables);
