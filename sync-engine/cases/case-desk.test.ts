import { expect, test } from 'vitest';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { caseId } from './case-desk.ts';
import type { CaseState } from '#contracts/v1/case.ts';

test('the same failure of a transaction is the same case, and the next failure another', () => {
  expect(caseId('shopify-us==1', 0, 'validate')).toBe(caseId('shopify-us==1', 0, 'validate'));
  expect(caseId('shopify-us==1', 0, 'validate')).not.toBe(caseId('shopify-us==1', 1, 'validate'));
  expect(caseId('shopify-us==1', 0, 'validate')).not.toBe(caseId('shopify-eu==1', 0, 'validate'));
  expect(caseId('shopify-us==1', 0, 'validate')).not.toBe(caseId('shopify-us==1', 0, 'reserve_stock'));
  expect(caseId('shopify-us==1', 0, 'validate')).toMatch(/^[0-9a-f]{20}$/);
});

test('a case on hold or awaiting approval is still open', () => {
  const of = (status: CaseState['status']) => isClosed({ status });
  expect((['open', 'assigned', 'fixed', 'awaiting_approval', 'replaying', 'on_hold'] as const).map(of)).not.toContain(
    true,
  );
  expect((['resolved', 'discarded', 'done_outside'] as const).map(of)).not.toContain(false);
});
