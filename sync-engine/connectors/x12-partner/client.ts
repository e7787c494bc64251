import { acknowledgmentOfOrder } from '../../edi/map/order-acknowledgment.ts';
import { invoiceSet } from '../../edi/map/invoice.ts';
import { noticeOfParcel } from '../../edi/map/shipment-notice.ts';
import type { Partner } from '../../edi/partner.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { Send } from '../connector.ts';
import type { AccountServices, ChannelServices } from '../services.ts';
import { fileCall, readPlaced, unsayable, wasPlaced } from '../x12/file-call.ts';

type Offered = Pick<ChannelServices, 'acknowledge_order' | 'cancel_order' | 'create_fulfilment'> & AccountServices;

const accepted = ({ external_id }: Pick<Order, 'external_id'>): string => `855-AD-${external_id}`;
const refused = ({ external_id }: Pick<Order, 'external_id'>): string => `855-RD-${external_id}`;

/**
 * What a partner who buys from us is told of its orders. The same call is the same document under the same name and
 * control number, so nothing in one depends on when it is written: an answer carries the day the order was sent.
 */
export const x12PartnerServices = (partner: Partner): Offered => ({
  acknowledge_order: {
    name: 'acknowledge_order',
    prepare: ({ order, orderKey }) => {
      const answer = { order, at: order.updated_at, outcome: 'accepted', reference: orderKey } as const;
      return fileCall(accepted(order), acknowledgmentOfOrder(answer, partner), partner);
    },
    read: (answer) => ({ acknowledgedId: readPlaced(answer).file }),
    find: found(
      ({ order }) => accepted(order),
      (name) => ({ acknowledgedId: name }),
    ),
  },
  cancel_order: {
    name: 'cancel_order',
    prepare: ({ order }) => {
      const answer = { order, at: order.updated_at, outcome: 'rejected' } as const;
      return fileCall(refused(order), acknowledgmentOfOrder(answer, partner), partner);
    },
    read: (answer) => ({ cancelledId: readPlaced(answer).file }),
    find: found(
      ({ order }) => refused(order),
      (name) => ({ cancelledId: name }),
    ),
  },
  create_fulfilment: {
    name: 'create_fulfilment',
    prepare: ({ order, shipment }) => {
      const notice = { order, shipment, at: shipment.shipped_at };
      return fileCall(`856-${shipment.shipment_id}`, noticeOfParcel(notice, partner), partner);
    },
    read: (answer) => ({ fulfilmentId: readPlaced(answer).file }),
    find: found(
      ({ shipment }) => `856-${shipment.shipment_id}`,
      (name) => ({ fulfilmentId: name }),
    ),
  },
  send_invoice: {
    name: 'send_invoice',
    prepare: ({ order, number, issuedAt, shippedAt }) => {
      const mapped = invoiceSet(
        { order, number, issued_at: issuedAt, ...(shippedAt === undefined ? {} : { shipped_at: shippedAt }) },
        partner,
      );
      if ('problems' in mapped) throw unsayable(mapped.problems);
      return fileCall(`810-${number}`, mapped.set, partner);
    },
    read: (answer) => ({ invoiceId: readPlaced(answer).file }),
    find: found(
      ({ number }) => `810-${number}`,
      (name) => ({ invoiceId: name }),
    ),
  },
});

/** An earlier attempt is looked up by the name of its document. */
const found =
  <Input, Output>(nameOf: (input: Input) => string, output: (name: string) => Output) =>
  async (input: Input, send: Send): Promise<Output | undefined> => {
    const name = nameOf(input);
    return (await wasPlaced(name, send)) ? output(name) : undefined;
  };
