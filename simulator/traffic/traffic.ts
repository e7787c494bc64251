import { setMaxListeners } from 'node:events';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Log } from '#platform/log.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Conditions } from '../conditions.ts';
import type { IntakeClient } from '../intake-client.ts';
import { pause } from '../intake-client.ts';
import type { OrderBook } from '../order-book.ts';
import { createRandom } from '../random.ts';
import type { Store } from '../store.ts';
import type { Systems } from '../systems.ts';
import { createStoreTraffic } from '../stores/store-traffic.ts';
import { runBackfill } from './backfill.ts';
import { createCheckout } from './checkout.ts';
import { demandPerSecond } from './demand.ts';
import { createOrderDesk } from './order-desk.ts';
import { channelProfiles } from './profiles.ts';
import { createStage } from './stage.ts';
import { customerTraffic } from './customer-traffic.ts';
import { payoutTraffic } from './payout-traffic.ts';
import { priceTraffic } from './price-traffic.ts';
import { productTraffic } from './product-traffic.ts';
import { returnTraffic } from './return-traffic.ts';
import { stockTraffic } from './stock-traffic.ts';

export interface TrafficOptions {
  /** Orders a day over all channels; the demand curve spreads them. */
  ordersPerDay: number;
  /** API key of the marketplace's client, `<id>.<secret>`; without it the marketplace sells nothing. */
  marketplaceKey: string | undefined;
  /** API key of the client that writes master data; without it no price changes. */
  masterDataKey: string | undefined;
  /** Hours of history to push through at the first start; 0 for none. */
  backfillHours: number;
  /** How long live customers wait at most for the history to be worked off, in milliseconds. */
  settleMs: number;
  scenario: string;
  /** Between two batches of a store, in milliseconds. */
  storeIntervalMs: number;
}

export interface TrafficContext {
  estate: Estate;
  catalogue: Catalogue;
  conditions: Conditions;
  systems: Systems;
  intake: IntakeClient;
  book: OrderBook;
  store: Store;
  nextId: () => number;
  log: Log;
  seed: string;
  setting(systemId: string, settings: Record<string, string>, name: string): string;
}

export interface Traffic {
  /** Begins with the history, unless it was pushed through before, then customers come in. Resolves once they do. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Chooses a scenario; after `seconds` it is a normal day again. Answers false for an unknown name. */
  setScenario: (name: string, seconds?: number) => boolean;
  status(): Record<string, unknown>;
}

export function createTraffic(context: TrafficContext, given: Partial<TrafficOptions> = {}): Traffic {
  const options: TrafficOptions = {
    ordersPerDay: 3600,
    marketplaceKey: undefined,
    masterDataKey: undefined,
    backfillHours: 0,
    settleMs: 120_000,
    scenario: 'normal',
    storeIntervalMs: 300_000,
    ...given,
  };
  const { estate, catalogue, conditions, store, log } = context;
  const random = createRandom(`traffic ${context.seed} ${Date.now()}`);
  const profiles = channelProfiles(estate).filter(
    ({ kind }) => kind !== 'channel-api' || options.marketplaceKey !== undefined,
  );
  const desk = createOrderDesk(
    context,
    createCheckout(catalogue, random, context.nextId),
    random,
    options.marketplaceKey,
  );
  const meta = store.collection<string>('traffic.meta');
  const stopping = new AbortController();
  // Every pause of the customers listens to it.
  setMaxListeners(0, stopping.signal);
  const running: Promise<void>[] = [];
  let phase = 'idle';

  const stores = createStoreTraffic(
    context,
    createRandom(`stores ${context.seed} ${Date.now()}`),
    options.storeIntervalMs,
  );
  const rush = (perSecond: number) => {
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, stopping.signal]);
    const sku = catalogue.active[0]?.sku;
    running.push(
      customers(
        () => perSecond,
        signal,
        () =>
          desk.place(
            random.pick(profiles),
            new Date(),
            stage.troubles(),
            'simulated',
            sku === undefined ? {} : { sku },
          ),
      ),
    );
    return () => ending.abort();
  };
  const holdAdvices = () => {
    const releases = [...context.systems.thirdParties.values()].map((thirdParty) => thirdParty.hold());
    return () => releases.forEach((release) => release());
  };
  const stage = createStage({ estate, conditions, log }, { rush, cutOff: stores.cutOff, holdAdvices });

  /** Lets customers come in at random, `rate` a second, until the signal. */
  const customers = async (rate: () => number, signal: AbortSignal, buy: () => Promise<void>) => {
    while (!signal.aborted) {
      const perSecond = rate();
      // At a trickle the rate is looked at again every half a minute, since the curve moves on.
      const wait = perSecond <= 0 ? Infinity : -Math.log(1 - random.next()) / perSecond;
      await pause(Math.min(wait, 30) * 1000, signal);
      if (signal.aborted || wait > 30) continue;
      void buy().catch((error: unknown) => log.error({ err: error }, 'an order could not be placed'));
    }
  };

  /** What is a trickle beside the orders, and need not wait until their history is worked off. */
  const trickles = (): Promise<void>[] => {
    const keys = { marketplace: options.marketplaceKey, masterData: options.masterDataKey };
    const { signal } = stopping;
    return [
      returnTraffic(context, keys, random, () => stage.returns(), stores.takeBack, signal),
      payoutTraffic(context, signal),
      customerTraffic(context, profiles, options.masterDataKey, random, signal),
      ...(options.masterDataKey === undefined
        ? []
        : [
            priceTraffic(context, options.masterDataKey, random, signal),
            productTraffic(context, options.masterDataKey, random, signal),
          ]),
    ];
  };

  return {
    start: async () => {
      stage.enter(options.scenario);
      running.push(...trickles());
      // What stores took yesterday is history too.
      running.push(stores.run(stopping.signal));
      if (options.backfillHours > 0 && meta.get('backfilled') === undefined) {
        phase = 'backfill';
        await runBackfill(context, {
          desk,
          // Amazon is asked for what changed now; it has no past to tell of.
          profiles: profiles.filter(({ kind }) => kind !== 'amazon'),
          random,
          hours: options.backfillHours,
          ordersPerDay: options.ordersPerDay,
          settleMs: options.settleMs,
          signal: stopping.signal,
        });
        if (!stopping.signal.aborted) meta.put('backfilled', new Date().toISOString());
      }
      if (stopping.signal.aborted) return;
      phase = 'live';
      for (const profile of profiles) {
        const rate = () => demandPerSecond(new Date(), options.ordersPerDay * profile.share, profile.utcOffsetHours);
        running.push(
          customers(rate, stopping.signal, () => desk.place(profile, new Date(), stage.troubles(), 'simulated')),
        );
      }
      running.push(stockTraffic(context, random, stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      stage.leave();
      desk.close();
      await Promise.all(running);
      phase = 'stopped';
    },
    setScenario: (name, seconds) => stage.enter(name, seconds),
    status: () => ({ phase, scenario: stage.current(), stores: stores.status(), ...desk.counts() }),
  };
}
