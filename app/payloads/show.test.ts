import { describe, expect, it } from 'vitest';
import { showDocument, showHeaders } from './show.ts';

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
  it('shows a form body field by field', () => {
    const { text } = showDocument('amount=1200&metadata[order]=1001&receipt_email=a%40b.example', false);
    expect(JSON.parse(text)).toEqual({ amount: '1200', 'metadata.order': '1001', receipt_email: '‹hidden 1›' });
  });
  it('never shows credentials', () => {
    expect(
      showHeaders({ authorization: 'Bearer x', 'x-shopify-access-token': 'y', 'content-type': 'application/json' }),
    ).toEqual({
      authorization: '‹hidden›',
      'x-shopify-access-token': '‹hidden›',
      'content-type': 'application/json',
    });
  });
});
