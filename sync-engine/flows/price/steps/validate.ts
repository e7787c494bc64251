import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Price } from '#contracts/v1/catalogue.ts';
import { atLeastOne } from '../../../connectors/reading.ts';
import { isOver, type PriceEnv, type PriceInline, priceOf, type PriceView, startsLater } from '../price-data.ts';
import { priceProblems } from '../rules.ts';

/**
 * Understands the price, notes it beside the SKU's others and has itself told when its time begins and ends. Of one that a
 * person corrected the channel may have been told already: where its time is over, what follows it is set.
 */
export const validate: PriceInline = {
  kind: 'inline',
  name: 'validate',
  ofMessage: true,
  next: (view) => {
    if (isOver(priceOf(view), view.now)) return 'choose_next_price';
    return startsLater(view) ? 'wait_for_start' : 'publish_price';
  },
  run: async (view, env) => {
    const read = await understand(view, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const { price } = read;
    const before = view.data.price;
    // Where a replica died between noting it and saying so, others went by it: what follows it is to be set all the same.
    if (before === undefined && isOver(price, view.now) && !(await env.prices.has(price)))
      return { status: 'superseded', attributes: { reason: 'Its time was over when it came.' }, finish: true };
    await env.prices.note(price, view.now, before);
    const alarm = (name: string, at: string) => env.alarms.set({ flow: 'price_publication', key: view.key, name, at });
    if (Date.parse(price.starts_at) > view.now.getTime()) await alarm('start', price.starts_at);
    if (price.ends_at !== undefined) await alarm('end', price.ends_at);
    return {
      status: 'completed',
      data: { price, followed_by: undefined },
      // Not the event's amount: no order is worth this, and nothing of it is at risk.
      attributes: {
        price: `${price.amount} ${price.currency}`,
        version: String(price.version),
        starts_at: price.starts_at,
        ...(price.ends_at === undefined ? {} : { ends_at: price.ends_at }),
      },
    };
  },
};

async function understand(view: PriceView, env: PriceEnv): Promise<{ price: Price } | { problems: CaseProblem[] }> {
  const { headers, body } = await env.messages.read(view.data);
  const { 'syncline-system': system, 'syncline-topic': name } = headers;
  const topic = env.topics.topicOf(system, name);
  if (topic === undefined) return { problems: [gone(system, name)] };
  const read = topic.read(body, {
    estate: view.estate,
    system,
    headers,
    mapping: (kind, code) => env.master.mapping(kind, system, code)?.target,
  });
  if ('problems' in read) return read;
  const price = read.message;
  const channel = view.estate.channels.find(({ id }) => id === price.channel);
  if (channel === undefined) return { problems: [noChannel(price.channel)] };
  const problems = priceProblems(price, channel);
  if (env.master.product(price.sku) === undefined) problems.push(noProduct(system, price.sku));
  return problems.length > 0 ? { problems } : { price };
}

const problem = (error_code: string, message: string): CaseProblem => ({
  error_class: 'reference',
  error_code,
  path: '',
  document: 'received',
  message: message.slice(0, 2000),
});
const gone = (system: string, topic: string) =>
  problem('unknown_topic', `Nothing in this estate takes messages "${topic}" of the system "${system}".`);
const noChannel = (channel: string) =>
  problem('unknown_channel', `The channel "${channel}" is not declared in this estate.`);
const noProduct = (system: string, sku: string): CaseProblem => ({
  ...problem('unknown_sku', `The SKU "${sku}" is not in the item master. Add the product, or map the SKU, and replay.`),
  missing_mapping: { kind: 'sku', system, code: sku },
});
