import type { IntakeHeaders } from '#contracts/v1/intake.ts';

/** A message of INTAKE. */
export interface Arrival {
  seq: number;
  headers: IntakeHeaders;
  body: Uint8Array;
}

/** `early`: it belongs to something that is not there yet and must be held. */
export type Handled = 'done' | 'duplicate' | 'early';
