import { describe, expect, it } from 'vitest';
import { readShown, revealShown, showDocument, showHeaders } from './show.ts';

describe('showing a document', () => {
  it('lays JSON out and hides personal data until it is revealed', () => {
    expect(showDocument('{"email":"a@b.example","n":1}', false)).toEqual({
      text: '{\n  "email": "‹hidden 1›",\n  "n": 1\n}',
      hidden: 1,
    });
    expect(showDocument('{"email":"a@b.example"}', true)).toEqual({
      text: '{\n  "email": "a@b.example"\n}',
      hidden: 0,
    });
  });
  it('lays an EDI document out, hides personal data, and has it again as it was with what was edited', () => {
    const raw = 'ST*850*0001~N1*ST*Iris Vane~PO1*1*2*EA*4.25~SE*4*0001~\r\n';
    const { text, hidden } = showDocument(raw, false);
    expect([text, hidden]).toEqual(['ST*850*0001~\nN1*ST*‹hidden 1›~\nPO1*1*2*EA*4.25~\nSE*4*0001~', 1]);
    expect(readShown(text, raw)).toBe(raw);
    expect(readShown(text.replace('4.25', '4.50'), raw)).toBe(raw.replace('4.25', '4.50'));
    expect(revealShown(text, raw)).toBe(text.replace('‹hidden 1›', 'Iris Vane'));
  });
  it('reads back what was edited in JSON with hidden values put back', () => {
    const raw = '{"email":"a@b.example","n":1}';
    const edited = showDocument(raw, false).text.replace('1\n', '2\n');
    expect(JSON.parse(readShown(edited, raw))).toEqual({ email: 'a@b.example', n: 2 });
  });
  it('shows a form body field by field', () => {
    const { text } = showDocument('amount=1200&metadata[order]=1001&receipt_email=a%40b.example', false);
    expect(JSON.parse(text)).toEqual({ amount: '1200', 'metadata.order': '1001', receipt_email: '‹hidden 1›' });
  });
  it('never shows credentials', () => {
    expect(
      showHeaders(
        { authorization: 'Bearer x', 'x-shopify-access-token': 'y', 'content-type': 'application/json' },
        true,
      ),
    ).toEqual({
      authorization: '‹hidden›',
      'x-shopify-access-token': '‹hidden›',
      'content-type': 'application/json',
    });
  });
  it('hides whom a mail went to, but not our own address, until it is revealed', () => {
    const headers = { from: 'Shop <orders@shop.example>', to: 'mara@mail.example', 'message-id': '<a.b@shop.example>' };
    expect(showHeaders(headers, false)).toEqual({ ...headers, to: '‹hidden›' });
    expect(showHeaders(headers, true)).toEqual(headers);
  });
});
