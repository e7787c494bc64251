import { encodeToken } from '#contracts/v1/key.ts';
import type { PreparedCall } from '../connector.ts';
import type { z } from 'zod';
import type { Notice } from '../../mail/notice.ts';
import { oneLine } from '../../mail/one-line.ts';
import type { MailTemplates } from '../../mail/templates.ts';
import { valuesOf } from '../../mail/values.ts';
import { impossible } from '../transport/answer.ts';
import type { mailBody } from './contract.ts';

/** Exactly one address: nothing that a mail program would read as a second one, a name or a header. */
const oneAddress = /^[^\s"(),:;<>@[\\\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** The mail that tells a customer something: text and HTML of the templates, one recipient. */
export function customerMail(notice: Notice, from: string, templates: MailTemplates): PreparedCall {
  const to = notice.order.customer.email?.trim() ?? '';
  if (to === '') throw impossible('NO_EMAIL', 'The customer has no e-mail address.', '/customer/email');
  if (!oneAddress.test(to))
    throw impossible('BAD_EMAIL', 'The e-mail address is not a single address.', '/customer/email');
  const language = templates.language(notice.language);
  const { subject, text, html } = templates.render(language, notice.event, valuesOf(notice, language));
  return {
    method: 'SMTP',
    path: '',
    headers: { from: oneLine(from), to, subject, 'message-id': messageIdHeader(notice.messageId, from) },
    body: JSON.stringify({ mail_text: text, mail_html: html } satisfies z.infer<typeof mailBody>),
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
