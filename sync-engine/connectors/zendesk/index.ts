import type { ConnectorDefinition } from '../definition.ts';
import { credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { zendeskServices } from './client.ts';

/** Connector of Zendesk Support, signed in with an API token of the agent named by the setting `agent`. */
export const zendesk: ConnectorDefinition = {
  kind: 'zendesk',
  open: (system, secrets) => {
    const agent = system.settings['agent'];
    if (agent === undefined)
      throw new Error(`The system "${system.id}" needs the setting "agent" in the estate file: an agent's address.`);
    const token = credential(system, 'api_token', secrets);
    const authorization = `Basic ${Buffer.from(`${agent}/token:${token}`, 'utf8').toString('base64')}`;
    return {
      transport: openHttpTransport(system, () => ({ authorization })),
      services: zendeskServices(system.settings),
    };
  },
};
