import type { DryRunResult } from '#contracts/v1/dry-run.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Rates } from '#platform/rates.ts';
import type { Arrival } from '../arrivals/arrival.ts';
import { initialOrderState, orderKeyOf } from '../arrivals/order-arrivals.ts';
import { Kinds } from '../connectors/kinds.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import { dryRun, type DryRunInput } from '../flows/dry-run.ts';
import type { TriedMapping } from '../flows/payload.ts';
import { Connectors } from '../connectors/connectors.ts';
import type { OrderEnv, OrderView } from '../flows/order/order-data.ts';
import { createOrderFlow } from '../flows/order/order-flow.ts';
import { orProblem } from '../outage.ts';

/** What the steps of an order may look at, of all that they may use. */
export interface Looking extends Pick<OrderEnv, 'master'> {
  /** Connectors beside those that come with Syncline. */
  connectors: readonly ConnectorDefinition[];
  rates: Pick<Rates, 'today'>;
}

/** One version of everything that decides what becomes of an order: the estate, and mappings not added yet. */
export interface Side {
  estate: Estate;
  /** What would become of an order that arrives now, without any effect. @throws where the engine's own parts are out. */
  try(arrival: Arrival, at: Date, payload?: string): Promise<Tried>;
  close(): Promise<void>;
}

export interface Tried {
  key: string;
  view: OrderView;
  result: DryRunResult;
}

/** In a call that is not sent a secret is only a word; none is read, whatever an estate file asks for. */
const noSecrets = (setting: string): string => (setting.startsWith('env:') ? 'secret' : setting);

/** @throws Error naming a setting that a connector lacks. */
export function openSide(estate: Estate, looking: Looking, mappings: readonly TriedMapping[] = []): Side {
  const kinds = new Kinds(estate, looking.connectors);
  const connectors = Connectors.open(estate, kinds, noSecrets);
  const unsent: DryRunInput<unknown>['connectors'] = {
    prepare: async (system, verb, input) => connectors.prepareUnsent(system, verb, input),
  };
  return {
    estate,
    try: async (arrival, at, payload) => {
      const glimpse = kinds.orderFormat(arrival.headers['syncline-system']).glimpse(arrival.body);
      const key = orderKeyOf(arrival, glimpse);
      const state = initialOrderState(estate, key, arrival, glimpse);
      const view: OrderView = { key, state, data: state.data, estate: allLive(estate), now: at };
      const tried = await orProblem(() =>
        dryRun(createOrderFlow(envOf(estate, kinds, looking, arrival.body)), {
          view,
          failedStep: 'canonicalise',
          mappings,
          connectors: unsent,
          sentBefore: () => Promise.resolve(undefined),
          ...(payload === undefined ? {} : { payload }),
        }),
      );
      return { key, view, result: 'status' in tried ? broken(tried.problems) : tried };
    },
    close: () => connectors.close(),
  };
}

/** What would be sent is compared, whoever is only observed today. */
const allLive = (estate: Estate): Estate => ({
  ...estate,
  systems: estate.systems.map((system) => ({ ...system, mode: 'live' })),
});

const broken = (problems: DryRunResult['problems']): DryRunResult => ({
  ok: false,
  steps: [{ step: 'order', outcome: 'problem', note: problems[0]?.message ?? '' }],
  calls: [],
  problems,
});

const ENOUGH = 1_000_000_000;

/** Everything is in stock everywhere, on both sides, so that the stock of this moment makes no difference. */
function envOf(estate: Estate, kinds: Kinds, { master }: Looking, body: Uint8Array): OrderEnv {
  const none = () => Promise.reject(new Error('a trial has no effects'));
  return {
    kinds,
    master,
    documents: { received: () => Promise.resolve(body), read: none, keep: none },
    messages: { read: none, apply: none },
    stock: {
      reserveOrder: none,
      unreserveOrder: none,
      releaseOrder: none,
      commitShipment: none,
      positions: (skus) =>
        Promise.resolve(
          skus.flatMap((sku) =>
            estate.locations.map(({ id }) => ({
              ...{ sku, location: id, on_hand: ENOUGH, reserved: 0, in_transit: 0, version: 1 },
              as_of: new Date(0).toISOString(),
            })),
          ),
        ),
    },
    backorders: { wait: none, end: none },
    returnable: { keep: none },
  };
}
