import { pickCustomer } from '../catalogue/customers.ts';
import { pause } from '../intake-client.ts';
import type { Random } from '../random.ts';
import { shopCustomer, shopTime } from '../shopify-order.ts';
import { shopifyWebhook } from '../shopify-webhook.ts';
import { stringifyExact } from '../vendors/shopify/ids.ts';
import type { ChannelProfile } from './profiles.ts';
import { pauses } from './pauses.ts';
import type { TrafficContext } from './traffic.ts';

/** Seconds between two customers who sign up or change something, on average. */
const MEAN_PAUSE_S = 30;
/** Share of them whom the ERP knows too, under a number of its own. */
const KNOWN_TWICE = 0.25;

/** Customers sign up in the shops, change their minds about newsletters, and are now and then known elsewhere as well. */
export async function customerTraffic(
  context: TrafficContext,
  profiles: readonly ChannelProfile[],
  apiKey: string | undefined,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const shops = profiles.filter(({ kind }) => kind === 'shopify');
  if (shops.length === 0) return;
  for (const ms of pauses(random, MEAN_PAUSE_S, 120)) {
    await pause(ms, signal);
    if (signal.aborted) return;
    const { channel, market } = random.pick(shops);
    const system = context.estate.systems.find(({ id }) => id === channel.system);
    if (system === undefined) continue;
    const customer = pickCustomer(random, market);
    const now = new Date();
    const told = {
      ...shopCustomer(customer, shopTime(now), channel.currency),
      email_marketing_consent: {
        state: random.chance(0.3) ? 'unsubscribed' : random.chance(0.5) ? 'subscribed' : 'not_subscribed',
        opt_in_level: 'single_opt_in',
        consent_updated_at: shopTime(now),
      },
    };
    const of = (name: string) => context.setting(system.id, system.settings, name);
    const topic = random.chance(0.5) ? 'customers/create' : 'customers/update';
    if (context.systems.shopDesks.get(system.id)?.subscriptions.has(topic) === false) continue;
    await context.intake.deliver(
      shopifyWebhook({
        topic,
        shop: of('shop_domain'),
        secret: of('webhook_secret'),
        body: stringifyExact(told),
        triggeredAt: now,
        origin: 'simulated',
      }),
    );
    if (apiKey === undefined || !random.chance(KNOWN_TWICE)) continue;
    const { line1, city, provinceCode, zip, countryCode } = customer.address;
    const name = `${customer.firstName} ${customer.lastName}`;
    await context.intake.deliver({
      method: 'PUT',
      path: `/v1/customers/C-${customer.id}-${market}`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'x-syncline-origin': 'simulated',
      },
      body: JSON.stringify({
        full_name: name,
        email: customer.email.toUpperCase(),
        address: {
          ...{ name, line1, city, postal_code: zip, country_code: countryCode },
          ...(provinceCode !== null && { region_code: provinceCode }),
        },
        updated_at: new Date().toISOString(),
      }),
    });
  }
}
