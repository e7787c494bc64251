import { encodeToken } from '#contracts/v1/key.ts';
import type { PreparedCall } from '../connector.ts';
import type { NotificationServices } from '../services.ts';
import { impossible } from '../transport/answer.ts';

type Notification = Parameters<NotificationServices['notify_customer']['prepare']>[0];

/** Exactly one address: nothing that a mail program would read as a second one, a name or a header. */
const oneAddress = /^[^\s"(),:;<>@[\\\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** The text without what could end a header line or drive a terminal. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** The mail that tells a customer of a shipment: plain text, one recipient. */
export function shipmentMail({ order, shipment, messageId }: Notification, from: string): PreparedCall {
  const to = order.customer.email?.trim() ?? '';
  if (to === '') throw impossible('NO_EMAIL', 'The customer has no e-mail address.', '/customer/email');
  if (!oneAddress.test(to))
    throw impossible('BAD_EMAIL', 'The e-mail address is not a single address.', '/customer/email');
  return {
    method: 'SMTP',
    path: '',
    headers: {
      from: oneLine(from),
      to,
      subject: oneLine(`Your order ${order.number} is on its way`),
      'message-id': messageIdHeader(messageId, from),
    },
    body: shipmentText(order, shipment),
  };
}

/**
 * A Message-ID (RFC 5322, 3.6.4) that is the same for every attempt, so that mail systems can drop a repeat. A key that
 * is one already stays as it is; any other is encoded and completed with the sender's domain.
 */
export function messageIdHeader(messageId: string, from: string): string {
  if (/^<[\w.!#$%&'*+/=?^`{|}~-]{1,200}@[A-Za-z0-9.-]{1,200}>$/.test(messageId)) return messageId;
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
  return `<${encodeToken(messageId)}@${domain}>`;
}

function shipmentText(order: Notification['order'], shipment: Notification['shipment']): string {
  const name = oneLine(order.customer.name ?? '');
  const lines = shipment.lines.map((line) => {
    const title = order.lines.find(({ line_id }) => line_id === line.line_id)?.title ?? line.sku;
    return `  ${line.quantity} x ${oneLine(title)}`;
  });
  const tracking = [oneLine(shipment.carrier), oneLine(shipment.tracking_number)].filter((part) => part !== '');
  return [
    name === '' ? 'Hello,' : `Hello ${name},`,
    '',
    `a parcel of your order ${oneLine(order.number)} has left our warehouse:`,
    '',
    ...lines,
    '',
    ...(tracking.length === 0 ? [] : [`Carrier and tracking number: ${tracking.join(' ')}`, '']),
    'Thank you for your order.',
    '',
  ].join('\n');
}
