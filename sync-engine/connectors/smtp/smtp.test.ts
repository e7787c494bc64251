import { describe, expect, test } from 'vitest';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { maskJson } from '#app/payloads/mask.ts';
import { ConnectorError } from '../connector.ts';
import { system } from '#contracts/v1/estate.ts';
import { classifyMailError } from './classify.ts';
import { oneLine } from '../../mail/one-line.ts';
import { loadTemplates, templatesFolder } from '../../mail/templates.ts';
import { smtpServices } from './client.ts';
import { mailBody } from './contract.ts';
import { customerMail, messageIdHeader } from './map.ts';

const from = 'Harbour <orders@harbour.example>';
const templates = loadTemplates(templatesFolder);
const mailTo = (email: string, changes: Parameters<typeof canonicalOrder>[0] = {}, language = 'en') =>
  customerMail(
    {
      event: 'order-shipped',
      order: canonicalOrder({ customer: { name: 'Mara', email }, ...changes }),
      shipment: shipment(),
      messageId: 'shop==1:7',
      brand: 'Harbour & Co',
      language,
    },
    from,
    templates,
  );
const said = ({ body }: { body: string }) => mailBody.parse(JSON.parse(body));

describe('the mail to a customer', () => {
  test('says what has left and how to follow it', () => {
    const mail = mailTo('mara@example.com');
    expect(mail.headers).toEqual({
      from,
      to: 'mara@example.com',
      subject: 'Your order #1001 is on its way',
      'message-id': '<shop=3D=3D1=3A7@harbour.example>',
    });
    const { mail_text, mail_html } = said(mail);
    expect(mail_text).toContain('Hello Mara,\n');
    expect(mail_text).toContain('  1 x Oiled Canvas Tote\n');
    expect(mail_text).toContain('UPS 1Z999AA10123456784');
    expect(mail_text).toContain('Harbour & Co');
    expect(mail_html).toContain('<li>1 × Oiled Canvas Tote</li>');
    expect(mail_html).toContain('<strong>1Z999AA10123456784</strong>');
    expect(mail_html).toContain('Harbour &amp; Co');
  });
  test('is written in the customer’s language, or in English where there are no templates in it', () => {
    const address = 'mara@example.com';
    expect(mailTo(address, {}, 'de').headers['subject']).toBe('Ihre Bestellung #1001 ist unterwegs');
    expect(mailTo(address, {}, 'ja').headers['subject']).toBe('Your order #1001 is on its way');
    expect(mailTo(address, {}, '').headers['subject']).toBe('Your order #1001 is on its way');
  });
  test('stays hidden from whoever may not see personal data', () => {
    expect(maskJson(mailTo('mara@example.com').body).text).not.toMatch(/Mara|Tote/);
  });
  test('cannot be given further headers or lines by what a shop sends', () => {
    const mail = mailTo('mara@example.com', {
      number: '#1\r\nBcc: all@example.com',
      customer: { name: 'Mara\r\n\r\n<script>', email: 'mara@example.com' },
    });
    expect(Object.values(mail.headers).join('')).not.toMatch(/[\r\n]/);
    expect(mail.headers['subject']).toBe('Your order #1 Bcc: all@example.com is on its way');
    const { mail_text, mail_html } = said(mail);
    expect(mail_text).toContain('Hello Mara <script>,');
    expect(mail_html).toContain('Hello Mara &lt;script&gt;,');
    expect(mail_html).not.toContain('<script');
  });
  test.each([
    'a@example.com, b@example.com',
    'a@example.com\nBcc: b@example.com',
    'Mara <a@example.com>',
    'a@example.com;b@example.com',
    'nobody',
    '"a b"@example.com',
    'a@-example.com',
  ])('goes to exactly one address: %j is refused', (email) => {
    expect(() => mailTo(email)).toThrow(ConnectorError);
  });
  test('without an address is not sent', () => {
    expect(() => mailTo('  ')).toThrow(/no e-mail address/);
  });
  test('has a Message-ID of its own whatever the key', () => {
    expect(messageIdHeader('a>b\r\n', 'x')).toBe('<a=3Eb=0D=0A@localhost>');
    expect(messageIdHeader('<W1-1.0af7@syncline>', 'x')).toBe('<W1-1.0af7@syncline>');
    expect(messageIdHeader('<a@b>\r\nBcc: c@d', 'x')).not.toMatch(/[\r\n]/);
    expect(oneLine(' a\u202e\u0000\tb ')).toBe('a b');
  });
});

describe('a mail system', () => {
  const open = (settings: Record<string, string>) => () =>
    smtpServices(
      system.parse({ id: 'mail', name: 'Mail', role: 'notification', kind: 'smtp', base_url: 'smtp://x:1', settings }),
    );
  test('needs a sender, and templates where it says they are', () => {
    expect(open({})).toThrow(/needs the setting "from"/);
    expect(open({ from, templates: 'config/no-such-templates' })).toThrow(
      /folder config\/no-such-templates of mail templates cannot be read/,
    );
    expect(open({ from })().notify_customer.name).toBe('notify_customer');
    expect(open({ from, templates: 'config/templates/mail' })().notify_customer.name).toBe('notify_customer');
  });
});

describe('a mail that failed', () => {
  const error = { message: '' };
  test.each([
    [{ ...error, responseCode: 550, command: 'RCPT TO' }, 'rejected', false, false],
    [{ ...error, responseCode: 451, command: 'DATA' }, 'unavailable', true, false],
    [{ ...error, responseCode: 450, command: 'RCPT TO' }, 'throttled', true, false],
    [{ ...error, message: 'Too many connections', responseCode: 421 }, 'throttled', true, false],
    [{ ...error, code: 'EAUTH', responseCode: 535 }, 'auth', false, false],
    [{ ...error, code: 'ETIMEDOUT', command: 'CONN' }, 'timeout', true, false],
    [{ ...error, code: 'ETIMEDOUT', command: 'DATA' }, 'timeout', true, true],
    [{ ...error, code: 'ECONNREFUSED', command: 'CONN' }, 'unavailable', true, false],
    [{ ...error, code: 'ECONNECTION', command: 'DATA' }, 'unavailable', true, true],
    [{ ...error, code: 'EENVELOPE' }, 'rejected', false, false],
  ])('%o', (detail, errorClass, retryable, mayHaveHappened) => {
    expect(classifyMailError(detail)).toEqual({ errorClass, retryable, mayHaveHappened });
  });
});
