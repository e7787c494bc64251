import type { System } from '#contracts/v1/estate.ts';
import type { PreparedCall } from '../connector.ts';

export type Operation = 'getOrders' | 'getOrder' | 'getOrderItems' | 'confirmShipment' | 'createRestrictedDataToken';

/** Calls a second, and how many may be made at once after a rest. */
export interface Quota {
  rate: number;
  burst: number;
}

/** As Amazon publishes them; a seller may have been given more, which its answers tell. */
const published: Readonly<Record<Operation, Quota>> = {
  getOrders: { rate: 0.0167, burst: 20 },
  getOrder: { rate: 0.5, burst: 30 },
  getOrderItems: { rate: 0.5, burst: 30 },
  confirmShipment: { rate: 2, burst: 10 },
  createRestrictedDataToken: { rate: 1, burst: 10 },
};
const operations = Object.keys(published) as Operation[];

/** The quotas of a system: the setting `quota.getOrders: 0.0167/20` says rate and burst. @throws Error naming a wrong one. */
export function quotasOf(system: System): Record<Operation, Quota> {
  const known = { ...published };
  for (const operation of operations) {
    const setting = system.settings[`quota.${operation}`];
    if (setting === undefined) continue;
    const [, rate, burst] = /^(\d+(?:\.\d+)?)\/(\d+)$/.exec(setting) ?? [];
    if (!(Number(rate) > 0) || !(Number(burst) >= 1))
      throw new Error(
        `The setting quota.${operation} of the system "${system.id}" is "${setting}"; expected calls a second and burst, for example 0.5/30.`,
      );
    known[operation] = { rate: Number(rate), burst: Number(burst) };
  }
  return known;
}

/** Which of Amazon's operations a call is, each with a quota of its own. */
export function operationOf({ method, path }: Pick<PreparedCall, 'method' | 'path'>): Operation {
  const [plain = ''] = path.split('?');
  if (plain.startsWith('/tokens/')) return 'createRestrictedDataToken';
  if (method === 'POST') return 'confirmShipment';
  if (plain.endsWith('/orderItems')) return 'getOrderItems';
  return plain === '/orders/v0/orders' ? 'getOrders' : 'getOrder';
}

/** Token bucket of one operation. */
export interface Bucket {
  /** Takes a call's worth and answers 0, or how many milliseconds there is none for. */
  take(): number;
  /** What an answer said: the calls a second in force, or that there were none left (429). */
  learn(answer: { status: number; headers: Readonly<Record<string, string>> }): void;
}

/** @param now milliseconds of a clock that never jumps. */
export function createBucket(quota: Quota, now: () => number): Bucket {
  let { rate, burst } = quota;
  let tokens = burst;
  let at = now();
  const refill = () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - at) / 1000) * rate);
    at = time;
  };
  return {
    take: () => {
      refill();
      if (tokens < 1) return Math.ceil(((1 - tokens) / rate) * 1000);
      tokens--;
      return 0;
    },
    learn: ({ status, headers }) => {
      refill();
      const said = Number(headers['x-amzn-ratelimit-limit']);
      if (said > 0 && Number.isFinite(said)) rate = said;
      // It was full until our call arrived there, which was later than we sent it: before that nothing was refilled.
      tokens = Math.min(tokens, burst - 1);
      if (status !== 429) return;
      // Somebody else calls for the same seller, we did before a restart, or fewer are allowed at once than was said.
      tokens = 0;
      burst = Math.max(1, Math.floor(burst / 2));
    },
  };
}
