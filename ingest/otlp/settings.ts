import { z } from 'zod';
import { port } from '#platform/settings.ts';

/** Settings of the receiver of spans, for whichever process it runs in. */
export const otlpSettings = {
  /** OTLP's own port for HTTP. */
  OTLP_PORT: port.default(4318),
  /** Largest body, as sent and unpacked. */
  OTLP_MAX_BYTES: z.coerce.number().int().min(1_024).max(268_435_456).default(8_388_608),
  /** Takes spans without an API key, from everybody who reaches the port. */
  OTLP_UNAUTHENTICATED: z.enum(['true', 'false']).default('false'),
};
