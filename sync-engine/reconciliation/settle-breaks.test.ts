import { describe, expect, it } from 'vitest';
import type { ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { breakId, type Found } from './found.ts';
import { afterFinding, afterHealing } from './settle-breaks.ts';

const at = '2026-03-01T12:00:00.000Z';
const run = (run_id: string) => ({ run_id, plan: 'stock' });
const found = (difference: string, more: Partial<Found> = {}): Found => ({
  domain: 'operational',
  kind: 'stock_erp',
  system: 'netsuite',
  sku: 'A',
  location: 'dc-east',
  channel: '',
  legal_entity: 'us-retail',
  method: '',
  reference: '',
  business_key: 'A@dc-east',
  key: '',
  difference,
  currency: '',
  occurred_at: at,
  sides: [{ side: 'erp', system: 'netsuite', figure: '7', read_at: at, references: [] }],
  ...more,
});
const became = (current: ReconciliationBreak | undefined, difference: string, id: string) => {
  const after = afterFinding(current, found(difference), run(id), at);
  if (after === undefined) throw new Error('nothing became of it');
  return { ...after, v: 1, event_id: '', revision: (current?.revision ?? 0) + 1, writer: '' } as ReconciliationBreak;
};

describe('a break', () => {
  it('found again is the same one, seen again with its newest figures', () => {
    const first = became(undefined, '3', 'r1');
    const second = became(first, '5', 'r2');
    expect(second).toMatchObject({
      type: 'seen',
      status: 'open',
      break_id: first.break_id,
      difference: '5',
      times_seen: 2,
      first_run: 'r1',
      last_run: 'r2',
    });
  });

  it('has the word of one run once, however often the run is resumed', () => {
    expect(afterFinding(became(undefined, '3', 'r1'), found('3'), run('r1'), at)).toBeUndefined();
  });

  it('has one word of a run that was resumed and saw it otherwise the second time; the next run has its own', () => {
    const open = became(undefined, '3', 'r1');
    expect(afterHealing(open, run('r1'), at)).toBeUndefined();
    const healed = { ...open, ...afterHealing(open, run('r2'), at) };
    expect(afterFinding(healed, found('3'), run('r2'), at)).toBeUndefined();
    expect(afterFinding(healed, found('3'), run('r3'), at)).toMatchObject({ type: 'reopened' });
  });

  it('heals where a run finds both sides equal, and opens again where a later one does not', () => {
    const open = became(undefined, '3', 'r1');
    const healed = afterHealing(open, run('r2'), at);
    expect(healed).toMatchObject({ type: 'healed', status: 'healed', closed_at: at });
    const again = became({ ...open, ...healed }, '3', 'r3');
    expect(again).toMatchObject({ type: 'reopened', status: 'open', closed_at: '', times_seen: 2 });
  });

  it('that a person explained stays closed while it is the difference explained, and opens again with another', () => {
    const open = became(undefined, '3', 'r1');
    const closed = { ...open, status: 'closed' as const, reason: 'Damaged in transit', document_number: 'ADJ-1' };
    expect(became(closed, '3', 'r2')).toMatchObject({ type: 'seen', status: 'closed', reason: 'Damaged in transit' });
    expect(became(closed, '4', 'r2')).toMatchObject({
      type: 'reopened',
      status: 'open',
      reason: '',
      document_number: '',
    });
  });

  it('that a person explained heals once its difference is gone, so that the same one coming back is news', () => {
    const open = became(undefined, '3', 'r1');
    const evidence = { reason: 'Damaged in transit', document_number: 'ADJ-1' };
    const closed = { ...open, status: 'closed' as const, closed_at: at, ...evidence };
    const healed = afterHealing(closed, run('r2'), '2026-03-02T12:00:00.000Z');
    expect(healed).toMatchObject({ type: 'healed', status: 'healed', closed_at: at, ...evidence });
    const back = became({ ...closed, ...healed }, '3', 'r3');
    expect(back).toMatchObject({ type: 'reopened', status: 'open', reason: '', document_number: '', closed_at: '' });
    expect(afterHealing({ ...closed, ...healed }, run('r3'), at)).toBeUndefined();
  });

  it('of one payment stays one, whether it is missing or of another amount', () => {
    const payment = { domain: 'accounting', reference: 'ch_1', system: 'stripe', currency: 'GBP' } as const;
    const ids = (['capture_missing', 'capture_amount', 'capture_unknown'] as const).map((kind) =>
      breakId(found('1', { ...payment, kind })),
    );
    expect(new Set(ids).size).toBe(1);
    expect(breakId(found('1', { ...payment, kind: 'refund_missing' }))).not.toBe(ids[0]);
  });
});
