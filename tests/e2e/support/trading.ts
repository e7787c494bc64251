import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { SimulatorOptions } from '#simulator/create-simulator.ts';
import { admitClients } from '../../support/admit-clients.ts';
import { controlSimulator } from '../../support/commands.ts';
import type { TestEngine } from '../../support/engine.ts';
import { never, reconcile } from '../../support/reconciliation.ts';

const secret = 'known-to-both-sides';

/** The estate's customers and stores, who come only once `trade` is called. */
export const tradingTraffic = {
  ordersPerDay: 60,
  backfillHours: 12,
  settleMs: 20_000,
  storeIntervalMs: 60_000,
  scenario: 'returns-wave',
  marketplaceKey: `market.${secret}`,
  masterDataKey: `master.${secret}`,
} satisfies SimulatorOptions['traffic'];

/** Stock is compared when somebody asks for it. */
export const tradingEstate = (estate: Estate): Estate => ({
  ...estate,
  reconciliations: [
    {
      id: 'stock',
      name: 'Stock three ways',
      kind: 'stock',
      ...never,
      compare: ['erp', 'wms', 'channel'],
      tolerance: 0,
      settle_s: 1,
      rounds: 1,
    },
  ],
});

const confirmed = ({ step, status }: StepEvent) => step === 'erp_create_sales_order' && status === 'completed';
const settled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
const refused = ({ step, status }: StepEvent) => step === 'erp_create_sales_order' && status !== 'started';

interface Trading {
  /** Places an order in the US shop. @returns its key */
  place: (id: number, taxTitle?: string) => Promise<string>;
}

/**
 * A little of everything that a console shows: half a day of orders of all channels, store days, returns, orders just
 * placed of which one is stopped, a reconciliation, and at last an ERP that is away, with postings that failed for it.
 */
export async function trade(engine: TestEngine, { place }: Trading): Promise<void> {
  const { traffic } = engine.simulator;
  await admitClients(engine, secret);
  await traffic.start();
  const placed = await Promise.all(Array.from({ length: 12 }, (_, index) => place(6_901 + index)));
  await Promise.all(placed.map((key) => engine.until(key, confirmed)));
  const [first = ''] = placed;
  await engine.until(first, settled);
  await place(6_920, 'Levy 6920');
  await reconcile(engine, 'stock');
  await traffic.stop();
  await controlSimulator(engine, 'faults', { system: 'netsuite', fault: 'error' });
  const failing = await Promise.all([place(6_931), place(6_932)]);
  await Promise.all(failing.map((key) => engine.until(key, refused)));
}

/** The ERP is back. Resolves once an order goes through. */
export async function calm(engine: TestEngine, { place }: Trading): Promise<void> {
  await controlSimulator(engine, 'faults', { system: 'netsuite', fault: 'error', probability: 0 });
  await engine.until(await place(6_940), confirmed);
}
