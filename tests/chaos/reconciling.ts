import { setTimeout as delay } from 'node:timers/promises';
import { reconciliationRun } from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLastPerSubject } from '#platform/nats/read-last-per-subject.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { isActive } from '#sync-engine/reconciliation/heard-runs.ts';
import { readStories, wrongIn } from './check-reconciliation.ts';
import { stockPlan } from './estate-file.ts';
import { ITEMS_SOLD } from './master-data.ts';
import type { World } from './world.ts';

export interface Reconciling {
  /** Has stock compared, unless it is being compared: the one time a warehouse has more than it said, the next it has not. */
  compare(): Promise<void>;
  /** What is wrong with runs and breaks, once the warehouses have what they said and a last comparison saw that. */
  unreconciled(): Promise<string[]>;
}

const actor = { id: 'chaos', roles: ['administrator' as const] };
const DIFFERING = 8;
const UNTOLD_AT = 'dc-west';
const ENDED_WITHIN_MS = 120_000;
const AGREED_WITHIN_MS = 120_000;
const LOOK_MS = 250;

/** Somebody who has stock compared while a warehouse changes its own behind our back. */
export function createReconciling(world: World): Reconciling {
  const { stock, catalogue } = world.simulator;
  // Orders do not touch these, so that they differ exactly while the warehouse is made to.
  const items = catalogue.active.slice(ITEMS_SOLD, ITEMS_SOLD + DIFFERING).map(({ sku }) => sku);
  let runs = 0;

  const make = (quantity: number) => {
    for (const sku of items) stock.correct('wms', UNTOLD_AT, sku, quantity);
  };
  /** The warehouses have what we were told of and nothing else. */
  const level = () => {
    const shelved = new Map(world.shelves.map(({ sku, location, quantity }) => [`${sku}@${location}`, quantity]));
    for (const { id, wms } of world.estate.locations)
      if (wms !== undefined)
        for (const { sku } of stock.list('wms', id)) stock.correct('wms', id, sku, shelved.get(`${sku}@${id}`) ?? 0);
  };
  const compared = async (): Promise<boolean> => {
    const last = await readLastPerSubject(world.js, streams.reconciliation, subjects.allReconciliationRuns);
    return last.every((message) => !isActive(reconciliationRun.parse(message.json())));
  };
  const untilCompared = async () => {
    for (let waited = 0; waited < ENDED_WITHIN_MS && !(await compared()); waited += LOOK_MS) await delay(LOOK_MS);
  };
  // A replica that dies leaves it unanswered; the next look finds out whether it began.
  const ask = () =>
    requestCommand(world.nc, 'reconciliation.run', { actor, plan: stockPlan.id }).catch(() => undefined);
  const wrong = async () => wrongIn(await readStories(world));

  level();
  return {
    compare: async () => {
      if (!(await compared())) return;
      make(runs++ % 2 === 0 ? 5 : 0);
      await ask();
    },
    unreconciled: async () => {
      if (runs === 0) return [];
      const until = performance.now() + AGREED_WITHIN_MS;
      await untilCompared();
      make(0);
      for (;;) {
        await ask();
        await untilCompared();
        // A shipment that its warehouse could not tell us of yet is a difference for a while.
        const left = await wrong();
        if (left.length === 0 || performance.now() > until) return left;
        await delay(LOOK_MS);
      }
    },
  };
}
