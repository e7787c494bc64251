import { acknowledgmentOfOrder } from '../../edi/map/order-acknowledgment.ts';
import { invoiceSet } from '../../edi/map/invoice.ts';
import { noticeOfParcel } from '../../edi/map/shipment-notice.ts';
import type { Partner } from '../../edi/partner.ts';
import { encodeToken } from '#contracts/v1/key.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { OutSet } from '../../edi/write/outgoing.ts';
import type { Send } from '../connector.ts';
import type { AccountServices, ChannelServices, VerbInput } from '../services.ts';
import { fileCall, readPlaced, unsayable, wasPlaced } from '../x12/file-call.ts';

type Offered = Pick<ChannelServices, 'acknowledge_order' | 'cancel_order' | 'create_fulfilment'> & AccountServices;

const accepted = ({ external_id }: Pick<Order, 'external_id'>): string => `855-AD-${external_id}`;
const refused = ({ external_id }: Pick<Order, 'external_id'>): string => `855-RD-${external_id}`;

/** Warehouses and ERPs count each for itself, so a number says which document it is only together with its order. */
const numbered = (set: '856' | '810', { external_id }: Pick<Order, 'external_id'>, number: string): string =>
  `${set}-${encodeToken(external_id)}/${number}`;

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
    prepare: (input) => fileCall(noticeName(input), noticeOf(input, partner), partner),
    read: (answer) => ({ fulfilmentId: readPlaced(answer).file }),
    find: found(
      noticeName,
      (name) => ({ fulfilmentId: name }),
      (input) => ({ name: `856-${input.shipment.shipment_id}`, set: noticeOf(input, partner) }),
    ),
  },
  send_invoice: {
    name: 'send_invoice',
    prepare: (input) => fileCall(invoiceName(input), invoiceOf(input, partner), partner),
    read: (answer) => ({ invoiceId: readPlaced(answer).file }),
    find: found(
      invoiceName,
      (name) => ({ invoiceId: name }),
      (input) => ({ name: `810-${input.number}`, set: invoiceOf(input, partner) }),
    ),
  },
});

type Notice = VerbInput<'create_fulfilment'>;
const noticeName = ({ order, shipment }: Notice): string => numbered('856', order, shipment.shipment_id);
const noticeOf = ({ order, shipment }: Notice, partner: Partner): OutSet =>
  noticeOfParcel({ order, shipment, at: shipment.shipped_at }, partner);

type Invoice = VerbInput<'send_invoice'>;
const invoiceName = ({ order, number }: Invoice): string => numbered('810', order, number);

/** @throws ConnectorError where an 810 cannot say it. */
function invoiceOf({ order, number, issuedAt, shippedAt }: Invoice, partner: Partner): OutSet {
  const mapped = invoiceSet(
    { order, number, issued_at: issuedAt, ...(shippedAt === undefined ? {} : { shipped_at: shippedAt }) },
    partner,
  );
  if ('problems' in mapped) throw unsayable(mapped.problems);
  return mapped.set;
}

/**
 * An earlier attempt is looked up by the name of its document. One that began before names had the order in them is found
 * by its `former` name, which may as well be another order's: only the same content counts there.
 */
const found =
  <Input, Output>(
    nameOf: (input: Input) => string,
    output: (name: string) => Output,
    former?: (input: Input) => { name: string; set: OutSet },
  ) =>
  async (input: Input, send: Send): Promise<Output | undefined> => {
    const name = nameOf(input);
    if (await wasPlaced(name, send)) return output(name);
    const before = former?.(input);
    if (before === undefined || !(await wasPlaced(before.name, send, before.set))) return undefined;
    return output(before.name);
  };
