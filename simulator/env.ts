import { z } from 'zod';
import { port, readSettings } from '#platform/settings.ts';

const amount = (fallback: number) => z.coerce.number().min(0).default(fallback);
const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((text) => text === 'true');

/** Settings of the simulated estate, from the environment. Vendors' secrets are read by the names in the estate file. */
const schema = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: port.default(4610),
    SMTP_PORT: port.default(4611),
    ESTATE_FILE: z.string().min(1).default('config/estate.yaml'),
    /** Where the engine takes orders in. */
    INTAKE_URL: z.url().default('http://127.0.0.1:4601'),
    /** Folder in which the estate remembers; in memory only without it. */
    DATA_DIR: z.string().min(1).optional(),
    /** Opens /_sim/* to who sends it in X-Sim-Token. */
    CONTROL_TOKEN: z.string().min(16).optional(),
    /** API key of the client that writes master data; without it nothing is seeded. */
    MASTER_DATA_API_KEY: z.string().min(3).optional(),
    /** API key of the marketplace; without it the marketplace sells nothing. */
    MARKETPLACE_API_KEY: z.string().min(3).optional(),
    /** Signs the webhooks to the simulated partner; without it the partner believes none. */
    SUBSCRIBER_SECRET: z.string().min(3).optional(),
    SEED: z.string().min(1).default('northwind'),
    SCENARIO: z.string().min(1).default('normal'),
    ORDERS_PER_DAY: amount(3000),
    BACKFILL_HOURS: amount(24),
    /** false: vendor APIs only, no master data, no customers. */
    TRAFFIC: flag(true),
    LATENCY: flag(true),
    LIMITS: flag(true),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .readonly();
export type SimulatorEnv = z.infer<typeof schema>;

/** @returns the settings, or a message that names every bad variable. */
export const readEnv = (variables: NodeJS.ProcessEnv = process.env): { env: SimulatorEnv } | { problem: string } =>
  readSettings('The simulated estate', schema, variables);
