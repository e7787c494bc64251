import type { CaseProblem } from '#contracts/v1/case.ts';
import { Decimal } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import { replacedBecause, toTell } from '../../versions.ts';
import {
  type PriceCall,
  type PriceData,
  type PriceEnv,
  priceOf,
  priceVersions,
  type PriceView,
} from '../price-data.ts';

/** Sets a price in its channel and holds what the channel shows then against it: a difference is a case. */
const publish = (step: Pick<PriceCall, 'name' | 'next'>): PriceCall => ({
  ...step,
  kind: 'call',
  call: defineCall<PriceData, PriceEnv, 'publish_price'>({
    verb: 'publish_price',
    system: systemOf,
    skip: (view, env) =>
      env.offers(systemOf(view), 'publish_price')
        ? replacedBecause(priceVersions, view, env)
        : 'The channel takes no prices from us: it keeps its own.',
    input: async (view, env) => {
      const { sku } = priceOf(view);
      const { amount, currency, compare_at } = await toTell(priceVersions, view, env);
      return { sku, amount, currency, ...(compare_at === undefined ? {} : { compareAt: compare_at }) };
    },
    done: (_view, shown, { amount, currency, compareAt }) => {
      const same = sameAmount(shown.amount, amount) && sameAmount(shown.compareAt, compareAt);
      if (!same)
        return {
          status: 'quarantined',
          problems: [mismatch(`${amount} ${currency}`, shown, compareAt)],
        };
      return { status: 'completed', data: { told: true }, attributes: { told: amount, shown: shown.amount } };
    },
    without: { told: true },
  }),
});

function systemOf(view: PriceView): string {
  const { channel } = priceOf(view);
  const declared = view.estate.channels.find(({ id }) => id === channel);
  if (declared === undefined) throw new Error(`the estate no longer declares the channel "${channel}"`);
  return declared.system;
}

const sameAmount = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined ? one === other : new Decimal(one).eq(other);

const mismatch = (
  told: string,
  shown: { amount: string; compareAt?: string },
  compareAt: string | undefined,
): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'price_mismatch',
  path: sameAmount(shown.compareAt, compareAt) ? '/amount' : '/compare_at',
  document: 'received',
  message: `The channel was told ${told}${compareAt === undefined ? '' : ` (instead of ${compareAt})`} and shows ${shown.amount}${shown.compareAt === undefined ? '' : ` (instead of ${shown.compareAt})`}. Find what changes prices there, then replay: the price is set and compared again.`,
});

export const publishPrice = publish({
  name: 'publish_price',
  next: (view) => (priceOf(view).ends_at === undefined ? 'close' : 'confirm_in_force'),
});

export const publishNextPrice = publish({ name: 'publish_next_price', next: () => 'close' });
