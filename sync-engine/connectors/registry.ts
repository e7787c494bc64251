import { amazon } from './amazon/index.ts';
import { channelApi } from './channel-api/index.ts';
import type { ConnectorDefinition } from './definition.ts';
import { easypost } from './easypost/index.ts';
import { netsuite } from './netsuite/index.ts';
import { pos } from './pos/index.ts';
import { restWms } from './rest-wms/index.ts';
import { shopify } from './shopify/index.ts';
import { signifyd } from './signifyd/index.ts';
import { smtp } from './smtp/index.ts';
import { stripe } from './stripe/index.ts';
import { taxjar } from './taxjar/index.ts';
import { zendesk } from './zendesk/index.ts';
import { x12Partner } from './x12-partner/index.ts';
import { x12Warehouse } from './x12-3pl/index.ts';

/** The connectors that come with Syncline. */
export const builtIn: readonly ConnectorDefinition[] = [
  amazon,
  channelApi,
  easypost,
  netsuite,
  pos,
  restWms,
  shopify,
  signifyd,
  smtp,
  stripe,
  taxjar,
  x12Partner,
  x12Warehouse,
  zendesk,
];
