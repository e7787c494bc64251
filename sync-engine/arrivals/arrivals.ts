import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import type { IntakeDomain } from '#contracts/v1/subjects.ts';
import type { KV } from '#platform/nats/kv.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { Identity } from '../identity.ts';
import type { Arrival, ArrivalHandlers } from './arrival.ts';
import { consumeArrivals } from './consume.ts';
import { HeldArrivals } from './held-arrivals.ts';
import { unlessToldByOthers } from './told-by-others.ts';

export interface ArrivalsOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Pick<Estate, 'policies'>;
  log: Log;
  leases: Leases;
  identity: Pick<Identity, 'release'>;
  /** Bucket of arrivals that came too early. */
  held: KV;
  ackWaitMs: number;
  handlers: ArrivalHandlers;
}

/** After so many failures inside the engine a message is set aside. */
const MAX_DELIVERIES = 8;

/** Arrivals of each domain that a replica handles at once; master data has an intake of its own. */
const CONCURRENCY: Readonly<Record<Exclude<IntakeDomain, 'master'>, number>> = {
  order: 128,
  fulfilment: 64,
  stock: 64,
  store: 64,
  price: 32,
  customer: 32,
  return: 32,
  payment: 32,
  payout: 4,
};

/** Takes arrivals from INTAKE, domain by domain, so that a flood in one cannot starve another. */
export async function startArrivals(options: ArrivalsOptions): Promise<{ stop(): Promise<void> }> {
  const { estate, log, leases, handlers } = options;
  const held = new HeldArrivals(options.held, options.manager, estate.policies.hold_early_signals_s * 1000, log);
  const setAside = (arrival: Arrival) => unlessToldByOthers(arrival, () => handlers.setAside(arrival), options);

  const take = async (arrival: Arrival, overdue: boolean, last: boolean): Promise<'settled' | 'early'> => {
    const applied = await handlers.apply(arrival, overdue);
    if (applied === 'applied' || (typeof applied === 'object' && 'superseded' in applied)) return 'settled';
    if (applied === 'early' || (applied.early === true && !overdue) || (applied.early === 'long' && !last))
      return 'early';
    await handlers.setAside(arrival);
    return 'settled';
  };
  const offer = async (arrival: Arrival, overdue: boolean, last: boolean): Promise<'settled' | 'early'> =>
    (await unlessToldByOthers(arrival, () => take(arrival, overdue, last), options)) ?? 'settled';
  const offerOrHold = async (arrival: Arrival) => {
    if ((await offer(arrival, false, false)) === 'early') await held.hold(arrival);
  };

  const shared = { ...options, maxDeliveries: MAX_DELIVERIES, poison: setAside, handle: offerOrHold };
  const takesHeld = { offer, maxFailures: MAX_DELIVERIES, poison: setAside };
  const holding = leases.hold('held-arrivals', (signal) => held.run(signal, takesHeld));
  const consumers = await Promise.all(
    Object.entries(CONCURRENCY).map(([domain, concurrency]) =>
      consumeArrivals({ ...shared, domain: domain as IntakeDomain, concurrency }),
    ),
  );
  return {
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await holding.release();
    },
  };
}
