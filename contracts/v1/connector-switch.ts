import { z } from 'zod';
import { instant, slug } from './primitives.ts';

/**
 * Whether people let a connector work, in KV bucket CONNECTOR_SWITCHES under its id; absent where nobody ever paused it.
 * It holds for every replica of the engine and over restarts, until somebody resumes it.
 */
export const connectorSwitch = z.object({
  id: slug,
  paused: z.boolean(),
  version: z.int().positive(),
  changed_by: z.string().min(1).max(200),
  changed_at: instant,
  reason: z.string().max(1000),
});
export type ConnectorSwitch = z.infer<typeof connectorSwitch>;
