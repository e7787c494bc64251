import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { silentLog } from '#platform/log.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { createCaseDesk } from '#sync-engine/cases/case-desk.ts';
import { CaseStore } from '#sync-engine/cases/case-store.ts';
import { carryOnce } from '#sync-engine/carry-forward.ts';
import type { Flow, InlineStep } from '#sync-engine/flows/flow.ts';
import { Runner } from '#sync-engine/flows/runner.ts';
import { TransactionLog } from '#sync-engine/flows/transaction-log.ts';
import { controlSimulator } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

let estate: TestEngine;
beforeAll(async () => {
  estate = await startEngine();
}, 60_000);
afterAll(() => estate.close());

const DAY_MS = 86_400_000;

/** A runner whose transactions stand still: nothing is driven, the log alone matters. */
function runnerOf(now: () => Date): Runner<unknown, unknown> {
  const { manager } = estate;
  const publisher = publisherOf(estate.nc);
  const step: InlineStep<unknown, unknown> = {
    kind: 'inline',
    name: 'stand_still',
    next: () => 'stand_still',
    run: () => ({ status: 'completed' }),
  };
  const flow: Flow<unknown, unknown> = {
    name: 'order_to_cash',
    steps: new Map([[step.name, step]]),
    deadline: ({ deadline }) => deadline,
    cancelled: 'cancelled',
    env: {},
  };
  return new Runner({
    flow,
    log: new TransactionLog({ publisher, manager, nonce: 'carry' }),
    estate: () => estate.estate,
    cases: createCaseDesk(new CaseStore(publisher, manager, 'carry', now), now),
    passOver: () => Promise.resolve({}),
    enqueue: () => Promise.resolve(),
    now,
  });
}

test('an open order outlives the retention of its events, and a finished one is left to age', async () => {
  const finished = await estate.placeOrder({ id: 41_001 });
  await estate.until(finished, ({ step, status }: StepEvent) => step === 'settle' && status === 'completed');
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 600 });
  const open = await estate.placeOrder({ id: 41_002 });
  await estate.until(open, ({ step, status }) => step === 'erp_create_sales_order' && status === 'retrying');

  const soon = new Date(Date.now() + 29 * DAY_MS);
  const options = {
    js: estate.js,
    manager: estate.manager,
    runners: new Map([['order_to_cash' as const, runnerOf(() => soon)]]),
    retentionDays: 30,
    log: silentLog,
  };
  const { signal } = new AbortController();
  expect(await carryOnce(signal, { ...options, now: () => new Date() })).toBe(0);
  expect(await carryOnce(signal, { ...options, now: () => soon })).toBe(1);

  const events = await estate.events(open);
  const carried = events.find(({ step }) => step === 'carried_forward');
  const before = events.find(({ ordinal }) => ordinal === (carried?.ordinal ?? 0) - 1);
  expect(carried?.state).toEqual(before?.state);
  expect((await estate.events(finished)).map(({ step }) => step)).not.toContain('carried_forward');
}, 30_000);
