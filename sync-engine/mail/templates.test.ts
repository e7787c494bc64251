import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { mailEvent, namesFor } from './events.ts';
import { languageOf } from './language.ts';
import type { Notice } from './notice.ts';
import { loadTemplates, templatesFolder } from './templates.ts';
import { valuesOf } from './values.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mail-templates-'));
  cpSync(templatesFolder, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const start = () => loadTemplates(folder);
const nothing = (event: (typeof mailEvent.options)[number]) => ({
  texts: Object.fromEntries(namesFor(event, 'text').map((name) => [name, ''])),
  goods: [],
});
const goods = [{ quantity: '2', title: 'A <b>bold</b> & "quoted" tote' }];

describe('the templates that come with Syncline', () => {
  test.each(['en', 'de'].flatMap((language) => mailEvent.options.map((event) => [language, event] as const)))(
    '%s/%s is a mail even where every field is empty',
    (language, event) => {
      const mail = loadTemplates(templatesFolder).render(language, event, nothing(event));
      expect(mail.subject).not.toBe('');
      expect(mail.text.trim()).not.toBe('');
      expect(mail.html).toContain(`<html lang="${language}">`);
      expect(Object.values(mail).join('')).not.toMatch(/\{\{|\}\}|undefined|null|\[object/);
    },
  );
  test.each(['en', 'de'].flatMap((language) => mailEvent.options.map((event) => [language, event] as const)))(
    '%s/%s says everything that is known, as text and as HTML',
    (language, event) => {
      const names = namesFor(event, 'text');
      const texts = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const mail = loadTemplates(templatesFolder).render(language, event, { texts, goods });
      for (const name of names) {
        expect(mail.text).toContain(`<${name}>`);
        expect(mail.html).toContain(`&lt;${name}&gt;`);
        expect(mail.html).not.toContain(`<${name}>`);
      }
      expect(mail.text).toContain('2 x A <b>bold</b> & "quoted" tote');
      expect(mail.html).toContain('A &lt;b&gt;bold&lt;&#x2F;b&gt; &amp; &quot;quoted&quot; tote');
    },
  );
});

describe('what is filled in', () => {
  test('ends no line, neither of a header nor of the text', () => {
    write('en/order-shipped.subject', 'Order\t{{order_number}}');
    const texts = { ...nothing('order-shipped').texts, order_number: '1\r\nBcc: all@example.com', carrier: 'a\u2028b' };
    const mail = start().render('en', 'order-shipped', { texts: { ...texts, tracking_number: 'x' }, goods });
    expect(mail.subject).toBe('Order 1 Bcc: all@example.com');
    expect(mail.text).toContain('your order 1 Bcc: all@example.com has been shipped');
    expect(mail.text).toContain('a b x');
  });
  test('is never itself a template', () => {
    const texts = { ...nothing('order-shipped').texts, order_number: '{{customer_name}}', customer_name: 'Mara' };
    const mail = start().render('en', 'order-shipped', { texts, goods });
    expect(mail.subject).toContain('{{customer_name}}');
  });
});

describe('a template that is wrong stops the start', () => {
  test.each([
    [
      'en/order-shipped.text',
      'Hello\n\n{{custommer_name}}',
      /order-shipped\.text, line 3: "custommer_name" is unknown/,
    ],
    ['en/order-shipped.html', '<p>\n{{store}}', /order-shipped\.html, line 2: "store" is unknown/],
    ['en/order-shipped.text', 'a\n{{quantity}}', /line 2: "quantity" is unknown/],
    ['en/order-shipped.text', '{{#lines}}\n{{#brand}}\n{{colour}}{{/brand}}{{/lines}}', /line 3: "colour" is unknown/],
    ['en/order-shipped.text', '{{#lines}}{{.}}{{/lines}}', /line 1: "\." is unknown/],
    ['en/order-shipped.text', '{{brand.constructor}}', /line 1: "brand.constructor" is unknown/],
    ['en/order-shipped.text', '\n{{lines}}', /line 2: "lines" is a list/],
    ['de/refund-made.html', 'a\nb\n{{#lines}}', /refund-made\.html, line 3: Unclosed section "lines"/],
    ['de/refund-made.html', 'a\n{{amount', /line 2: Unclosed tag/],
    ['de/refund-made.html', 'a\n{{/lines}}', /line 2: Unopened section "lines"/],
    ['en/refund-made.html', '<p>{{{amount}}}</p>', /line 1: "amount" would be put in unescaped/],
    ['en/refund-made.html', '<p>\n{{&amount}}</p>', /line 2: "amount" would be put in unescaped/],
    ['en/refund-made.text', '{{>other}}', /line 1: other templates/],
    ['en/refund-made.text', '{{=<% %>=}}', /line 1: other templates and other delimiters/],
    ['en/refund-made.text', '\n \n', /refund-made\.text, line 1: it is empty/],
    ['en/refund-made.subject', 'One\nTwo', /refund-made\.subject, line 2: a subject is one line/],
    ['en/refund-made.subject', 'For {{customer_name}}', /line 1: "customer_name" is unknown here/],
    ['en/refund-made.subject', '{{#lines}}{{title}}{{/lines}}', /line 1: "lines" is unknown here/],
    ['en/order-shiped.text', 'Hello', /order-shiped\.text is of no event/],
  ])('%s: %j', (file, text, message) => {
    write(file, text);
    expect(start).toThrow(message);
  });
  test('so does one that is missing, in any language', () => {
    rmSync(join(folder, 'de/ready-to-collect.html'));
    expect(start).toThrow(/de\/ready-to-collect\.html is missing/);
  });
  test('so does a language without a name, and a folder without English', () => {
    mkdirSync(join(folder, 'German'));
    expect(start).toThrow(/German of mail templates is not named after a language/);
    rmSync(join(folder, 'German'), { recursive: true });
    rmSync(join(folder, 'en'), { recursive: true });
    expect(start).toThrow(/en of mail templates is missing/);
    expect(() => loadTemplates(join(folder, 'nowhere'))).toThrow(/cannot be read/);
  });
});

describe('the language', () => {
  const address = (country_code: string) => ({ name: 'M', line1: '1', city: 'C', postal_code: '1', country_code });
  const of = (shipping?: string, billing?: string, language?: string) =>
    languageOf(
      {
        ...(shipping === undefined ? {} : { shipping_address: address(shipping) }),
        ...(billing === undefined ? {} : { billing_address: address(billing) }),
      },
      language === undefined ? {} : { language },
    );
  test('is that of the country goods are sent to, or else of the bill, unless the channel has one', () => {
    expect([of('DE'), of('AT', 'US'), of(undefined, 'CH'), of('US', 'DE'), of('GB')]).toEqual([
      ...['de', 'de', 'de', 'en', 'en'],
    ]);
    expect(of('US', 'US', 'de')).toBe('de');
    expect([of(), of('')]).toEqual(['', '']);
  });
  test('is also that of amounts, whose digits are never rounded', () => {
    const notice: Notice = {
      event: 'refund-made',
      order: canonicalOrder(),
      brand: 'Harbour',
      language: 'de',
      messageId: '1',
      refund: { amount: '90071992547409931.25', currency: 'EUR', lines: shipment().lines },
      returnNumber: 'R1',
    };
    expect(valuesOf(notice, 'de').texts['amount']).toBe('90.071.992.547.409.931,25\u00a0€');
    expect(valuesOf(notice, 'en').texts['amount']).toBe('€90,071,992,547,409,931.25');
    expect(valuesOf(notice, 'en').goods).toEqual([{ quantity: '1', title: 'Oiled Canvas Tote' }]);
  });
});
