import { describe, expect, test } from 'vitest';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { ConnectorError } from '../connector.ts';
import { classifyMailError } from './classify.ts';
import { messageIdHeader, oneLine, shipmentMail } from './map.ts';

const from = 'Harbour <orders@harbour.example>';
const mailTo = (email: string, changes: Parameters<typeof canonicalOrder>[0] = {}) =>
  shipmentMail(
    {
      order: canonicalOrder({ customer: { name: 'Mara', email }, ...changes }),
      shipment: shipment(),
      messageId: 'shop==1:7',
    },
    from,
  );

describe('the mail to a customer', () => {
  test('says what has left and how to follow it', () => {
    const mail = mailTo('mara@example.com');
    expect(mail.headers).toEqual({
      from,
      to: 'mara@example.com',
      subject: 'Your order #1001 is on its way',
      'message-id': '<shop=3D=3D1=3A7@harbour.example>',
    });
    expect(mail.body).toContain('Hello Mara,\n');
    expect(mail.body).toContain('  1 x Oiled Canvas Tote\n');
    expect(mail.body).toContain('UPS 1Z999AA10123456784');
  });
  test('cannot be given further headers or lines by what a shop sends', () => {
    const mail = mailTo('mara@example.com', {
      number: '#1\r\nBcc: all@example.com',
      customer: { name: 'Mara\r\n\r\n<script>', email: 'mara@example.com' },
    });
    expect(Object.values(mail.headers).join('')).not.toMatch(/[\r\n]/);
    expect(mail.headers['subject']).toBe('Your order #1 Bcc: all@example.com is on its way');
    expect(mail.body).toContain('Hello Mara <script>,');
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
