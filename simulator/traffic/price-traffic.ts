import { formatCents } from '../amount.ts';
import { saleCurrencies } from '../catalogue/catalogue.ts';
import { pause } from '../intake-client.ts';
import type { Random } from '../random.ts';
import { pauses } from './pauses.ts';
import type { TrafficContext } from './traffic.ts';

/** Seconds between two price changes of the whole estate, on average. */
const MEAN_PAUSE_S = 20;
/** Promotions of the simulated retailer are short, so that their end can be watched too. */
const PROMOTION_S = 120;

/**
 * The pricing team at work: usual prices move a little, and now and then an item is on promotion for two minutes, for
 * which its usual price is told first.
 */
export async function priceTraffic(
  { estate, catalogue, intake }: TrafficContext,
  apiKey: string,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const channels = estate.channels.filter(({ system }) =>
    estate.systems.some(({ id, role, kind }) => id === system && role === 'channel' && kind === 'shopify'),
  );
  if (channels.length === 0 || catalogue.active.length === 0) return;
  const put = (channel: string, sku: string, version: number, price: object) =>
    intake.deliver({
      method: 'PUT',
      path: `/v1/prices/${channel}/${encodeURIComponent(sku)}`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'x-syncline-origin': 'simulated',
      },
      body: JSON.stringify({ ...price, version }),
    });
  for (const ms of pauses(random, MEAN_PAUSE_S, 60)) {
    await pause(ms, signal);
    if (signal.aborted) return;
    const channel = random.pick(channels);
    const item = random.pick(catalogue.active);
    const currency = saleCurrencies.find((known) => known === channel.currency);
    if (currency === undefined) continue;
    const now = Date.now();
    const usual = item.priceCents[currency] + random.int(-2, 2) * 100;
    const starts_at = new Date(now).toISOString();
    await put(channel.id, item.sku, now, { amount: formatCents(usual), currency, starts_at });
    if (!random.chance(0.3)) continue;
    await put(channel.id, item.sku, now + 1, {
      amount: formatCents(Math.round(usual * 0.8)),
      compare_at: formatCents(usual),
      currency,
      starts_at: new Date(now + 10_000).toISOString(),
      ends_at: new Date(now + PROMOTION_S * 1000).toISOString(),
    });
  }
}
