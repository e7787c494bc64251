import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { intakeHeaders, type IntakeHeaders } from '#contracts/v1/intake.ts';

export function toNatsHeaders(values: IntakeHeaders): MsgHdrs {
  const result = headers();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) result.set(name, value);
  return result;
}

/** Reads the headers of a message on INTAKE. @throws ZodError where they are not what intake writes. */
export function readIntakeHeaders(values: MsgHdrs | undefined): IntakeHeaders {
  return intakeHeaders.parse(Object.fromEntries([...(values ?? [])].map(([name, [value]]) => [name, value])));
}
