import { createBucket, type LeakyBucket } from '../../bucket.ts';

/** Usage plans of the Orders API (developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits). */
const plans = {
  getOrders: { rate: 0.0167, burst: 20 },
  getOrder: { rate: 0.5, burst: 30 },
  getOrderItems: { rate: 0.5, burst: 30 },
  confirmShipment: { rate: 2, burst: 10 },
  createRestrictedDataToken: { rate: 1, burst: 10 },
};
export type AmazonOperation = keyof typeof plans;

interface Plan {
  rate: number;
  bucket: LeakyBucket;
  calls: number;
  exceeded: number;
}

/** What each operation may be called, and how often it was called and refused. */
export interface Quotas {
  /** Counts a call; answers the rate in force, and whether it was within it. */
  take(operation: AmazonOperation, limited: boolean): { rate: number; within: boolean };
  set(operation: AmazonOperation, rate: number, burst: number): void;
  counts(): Record<string, number>;
}

export function createQuotas(): Quotas {
  const kept = new Map<AmazonOperation, Plan>();
  const set: Quotas['set'] = (operation, rate, burst) =>
    void kept.set(operation, { rate, bucket: createBucket(burst, rate), calls: 0, exceeded: 0 });
  const names = Object.keys(plans) as AmazonOperation[];
  for (const name of names) set(name, plans[name].rate, plans[name].burst);
  return {
    set,
    take: (operation, limited) => {
      const plan = kept.get(operation);
      if (plan === undefined) return { rate: 0, within: true };
      const within = !limited || plan.bucket.take(1);
      plan.calls += 1;
      plan.exceeded += within ? 0 : 1;
      return { rate: plan.rate, within };
    },
    counts: () =>
      Object.fromEntries(
        [...kept].flatMap(([name, { calls, exceeded }]) => [
          [`calls_${name}`, calls],
          [`exceeded_${name}`, exceeded],
        ]),
      ),
  };
}

export function operationOf(method: string, path: string): AmazonOperation | undefined {
  if (path.includes('/auth/')) return undefined;
  if (path.includes('/tokens/')) return 'createRestrictedDataToken';
  if (method === 'POST') return 'confirmShipment';
  if (path.endsWith('/orderItems')) return 'getOrderItems';
  return path.endsWith('/orders/v0/orders') ? 'getOrders' : 'getOrder';
}
