import type { ConnectorDefinition } from '../definition.ts';
import { smtpServices } from './client.ts';
import { openSmtpTransport } from './transport.ts';

/** Connector of a mail server. */
export const smtp: ConnectorDefinition = {
  kind: 'smtp',
  open: (system, secrets) => ({ transport: openSmtpTransport(system, secrets), services: smtpServices(system) }),
};
