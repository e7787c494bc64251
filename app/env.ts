import { z } from 'zod';
import { natsSettings, port, readSettings } from '#platform/settings.ts';

/** Settings of the console as a service of its own (server mode), from the environment. */
const schema = z
  .object({
    PORT: port.default(4600),
    HOST: z.string().min(1).default('127.0.0.1'),
    ...natsSettings,
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

/** @returns the settings, or a message that names every bad variable. */
export const readEnv = (variables: NodeJS.ProcessEnv = process.env): { env: ConsoleEnv } | { problem: string } =>
  readSettings('The console', schema, variables);
