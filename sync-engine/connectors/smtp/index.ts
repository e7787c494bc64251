import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { smtpServices } from './client.ts';
import { openSmtpTransport } from './transport.ts';

/** Connector of a mail server. */
export function createSmtpConnector(system: System, secrets: Secrets): Connector {
  return { transport: openSmtpTransport(system, secrets), services: smtpServices(system) };
}
