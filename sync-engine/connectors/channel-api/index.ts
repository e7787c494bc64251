import { createHmac } from 'node:crypto';
import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { channelApiServices } from './client.ts';

/** Connector of a channel on Syncline's own API; what we tell it is signed with `webhook_secret`. */
export function createChannelApiConnector(system: System, secrets: Secrets): Connector {
  const secret = credential(system, 'webhook_secret', secrets);
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
  return {
    transport: openHttpTransport(system, (call) => ({
      'x-syncline-signature': sign(call.body === '' ? call.path : call.body),
    })),
    services: channelApiServices(),
  };
}
