import { describe, expect, it } from 'vitest';
import { maskJson, maskLike, maskText, maskValue, unmaskJson } from './mask.ts';

const received = JSON.stringify(
  {
    id: 820982911946154508,
    email: 'jon@example.com',
    name: '#9999',
    contact_email: 'jon@example.com',
    customer: { first_name: 'John', last_name: 'Smith', tags: 'vip', note: 'call john.smith@example.org first' },
    billing_address: {
      name: 'Bob Norman',
      address1: '123 Billing Street',
      city: 'Billtown',
      zip: 'K2P0B0',
      phone: '555-555-BILL',
    },
    line_items: [{ name: 'IPod Nano - 8GB', title: 'IPod Nano', sku: 'IPOD2008PINK', price: '199.00' }],
    tax_lines: [{ title: 'State tax', price: '3.98' }],
  },
  null,
  2,
);

describe('masking personal data', () => {
  it('hides names, e-mails, phones and street lines, and nothing an agent needs to fix the order', () => {
    const { text, hidden } = maskJson(received);
    for (const secret of ['jon@example.com', 'John', 'Smith', 'Bob Norman', '123 Billing Street', '555-555-BILL'])
      expect(text).not.toContain(secret);
    for (const kept of ['#9999', 'IPod Nano - 8GB', 'IPOD2008PINK', 'Billtown', 'State tax', '199.00', '3.98'])
      expect(text).toContain(kept);
    expect(hidden).toBe(8);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it('hides an e-mail address wherever it is written', () => {
    expect(maskJson('{"note":"write to a@b.example now"}').text).toBe('{"note":"‹hidden 1›"}');
    expect(maskText('Customer a@b.example is unknown')).toBe('Customer ‹hidden› is unknown');
  });

  it('puts the originals back after an edit, wherever the hidden values moved', () => {
    const { text } = maskJson(received);
    const edited = text.replace('IPOD2008PINK', 'IPOD2008BLUE').replace(/\n/g, ' ');
    expect(JSON.parse(unmaskJson(edited, received))).toEqual(
      JSON.parse(received.replace('IPOD2008PINK', 'IPOD2008BLUE')),
    );
  });

  it('puts the originals back even when the edit is not valid JSON', () => {
    const { text } = maskJson('{"email":"a@b.example","n":1}');
    expect(unmaskJson(text.replace('"n":1', '"n":'), '{"email":"a@b.example","n":1}')).toBe(
      '{"email":"a@b.example","n":}',
    );
  });

  it('is its own inverse on a document that was not edited, byte for byte', () => {
    expect(unmaskJson(maskJson(received).text, received)).toBe(received);
  });

  it('hides text that is not JSON as a whole', () => {
    expect(maskJson('ISA*00*John Smith').text).toBe('"‹hidden 1›"');
    expect(unmaskJson('"‹hidden 1›"', 'ISA*00*John Smith')).toBe('ISA*00*John Smith');
    expect(maskJson('')).toEqual({ text: '', hidden: 0 });
  });

  it('keeps a token somebody invented', () => {
    expect(unmaskJson('{"a":"‹hidden 9›"}', '{"email":"a@b.example"}')).toBe('{"a":"‹hidden 9›"}');
  });

  it('hides by the numbers of another version, and names what that version does not have', () => {
    const theirs = '{"phone":"555","email":"a@b.example"}';
    const { text, foreign } = maskLike('{"email":"a@b.example","contact_email":"new@b.example"}', theirs);
    expect(text).toBe('{"email":"‹hidden 2›","contact_email":"new@b.example"}');
    expect(foreign).toEqual(['"new@b.example"']);
    expect(unmaskJson(text, theirs)).toBe('{"email":"a@b.example","contact_email":"new@b.example"}');
  });

  it('hides in one value what it would hide in the whole', () => {
    expect(maskValue(['customer', '0', 'name'], '"Kim"')).toBe('"‹hidden›"');
    expect(maskValue(['customer'], '{"name":"Kim","tags":"vip"}')).toBe('{"name":"‹hidden›","tags":"vip"}');
    expect(maskValue(['line_items', '0', 'name'], '"Lamp"')).toBe('"Lamp"');
  });
});
