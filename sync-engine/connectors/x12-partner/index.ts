import { segmentOf, value } from '../../edi/map/loops.ts';
import { openDrop, pollMsOf } from '../../files/open-drop.ts';
import type { ConnectorDefinition } from '../definition.ts';
import { partnerOf } from '../x12/contract.ts';
import { type Received, receiveFile, untakenFile } from '../x12/receive.ts';
import { openDropTransport } from '../x12/transport.ts';
import { problem, troubleTopics } from '../x12/troubles.ts';
import { x12PartnerServices } from './client.ts';
import { profileOf, purchaseOrders, receives, topicOfPurpose } from './order-format.ts';

const answeredAlready = problem(
  'validation',
  'order_rejected_already',
  '',
  'The partner was told by a 997 that this was not taken, and sends it again. Discard this message.',
);

/** A partner who buys from us by X12: 850 in, 855, 856 and 810 out, 997 both ways (docs/edi.md). */
export const x12Partner: ConnectorDefinition = {
  kind: 'x12-partner',
  open: (system, secrets, book) => {
    const partner = partnerOf(system, receives);
    return {
      transport: openDropTransport({ system: system.id, drop: openDrop(system, secrets), partner, book }),
      services: x12PartnerServices(partner),
    };
  },
  files: (system, secrets) => {
    const drop = openDrop(system, secrets);
    const topicOf = ({ set }: Received): string =>
      set.id === '850' ? topicOfPurpose(value(segmentOf(set.content, 'BEG'), 1)) : `x12/${set.id}`;
    const options = { system: system.id, partner: partnerOf(system, receives), drop, topicOf };
    return {
      drop,
      pollMs: pollMsOf(system),
      take: (name, bytes, book) => receiveFile(name, bytes, book, options),
      untaken: untakenFile,
    };
  },
  order: purchaseOrders,
  topics: {
    'x12/850': { means: 'order_placed' },
    'x12/850-again': { means: 'order_updated' },
    'x12/850-cancelled': { means: 'order_cancelled' },
    ...troubleTopics({
      profileOf,
      name: 'The partner',
      instead: 'send it another way',
      corrected: async () => ({ problems: [answeredAlready] }),
    }),
  },
};
