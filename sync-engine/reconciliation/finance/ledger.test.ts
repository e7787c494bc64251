import { describe, expect, test } from 'vitest';
import { stepEvent } from '#tests/support/step-events.ts';
import { lineOf } from './ledger.ts';

const captured = {
  step: 'capture_payment',
  system: 'stripe',
  attributes: { document: 'payment', document_number: 'ch_1', posting_key: 'capture-1' },
};

describe('the ledger that payment systems are compared with', () => {
  test('has what the engine captured', () => {
    expect(lineOf(stepEvent(1, 3, captured))).toMatchObject({ subject: 'capture', reference: 'ch_1', amount: '129.9' });
  });
  test.each(['import-5a-1', 'otlp-5a-1'])('has nothing that %s tells of', (writer) => {
    expect(lineOf(stepEvent(1, 3, { ...captured, writer }))).toBeUndefined();
  });
});
