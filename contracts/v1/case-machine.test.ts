import { expect, test } from 'vitest';
import { caseEventType, caseStatus, type CaseState } from './case.ts';
import { caseMachine, isClosed, mayPass, parked, unparked } from './case-machine.ts';

const state = (more: Partial<CaseState>): CaseState => ({ assignee: '', ...more }) as CaseState;

test('every event but the first has its rule, and a case is opened once', () => {
  expect(Object.keys(caseMachine).sort()).toEqual(caseEventType.options.filter((type) => type !== 'opened').sort());
  expect(mayPass('opened', undefined, 'open')).toBe(true);
  for (const status of caseStatus.options) expect(mayPass('opened', status, 'open')).toBe(false);
});

test('a closed case is moved by three things alone: a new failure, its being restored, and who looked', () => {
  for (const before of caseStatus.options.filter((status) => isClosed({ status })))
    for (const type of caseEventType.options) {
      const reachable = caseStatus.options.filter((after) => mayPass(type, before, after));
      if (type === 'failed_again') expect(reachable).toContain('open');
      else if (type === 'restored') expect(reachable).toEqual(before === 'discarded' ? ['open'] : []);
      else if (type === 'revealed') expect(reachable).toEqual([before]);
      else expect([type, before, reachable]).toEqual([type, before, []]);
    }
});

test('nothing replays that was not asked for or approved', () => {
  const ways = caseEventType.options.flatMap((type) =>
    caseStatus.options
      .filter((before) => before !== 'replaying' && mayPass(type, before, 'replaying'))
      .map((before) => `${before} ${type}`),
  );
  expect(ways.sort()).toEqual([
    'assigned replay_requested',
    'awaiting_approval approved',
    'fixed replay_requested',
    'open replay_requested',
  ]);
});

test('a case that was put aside comes back as it was', () => {
  expect(unparked(state({ ...parked(state({ status: 'fixed' })) }))).toBe('fixed');
  expect(unparked(state({ ...parked(state({ status: 'open' })), assignee: 'ana' }))).toBe('assigned');
  expect(unparked(state({ ...parked(state({ status: 'assigned' })) }))).toBe('open');
  // Held while it awaited approval: what it was before that counts.
  const awaiting = state({ status: 'awaiting_approval', ...parked(state({ status: 'fixed' })) });
  expect(unparked(state(parked(awaiting)))).toBe('fixed');
});
