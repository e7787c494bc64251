import type { Order } from '#contracts/v1/order.ts';
import { worthOf } from '../../one-person.ts';
import type { PayloadReading, Understood } from '../payload.ts';
import type { OrderData, OrderEnv, OrderView } from './order-data.ts';
import { canonicaliseReceived } from './steps/canonicalise.ts';
import { problemsOf, resumeStep, skipReason } from './steps/validate.ts';

/** How an order's payload is understood, without anything being kept. */
export const orderPayload: PayloadReading<OrderData, OrderEnv> = {
  rebuild: ['canonicalise', 'validate'],
  understand: async (before, env, payload) => {
    const read = await canonicaliseReceived(before, env, payload);
    if ('problems' in read) return read;
    if ('left' in read) return leftAlone(before, env, read.left);
    const { order } = read;
    const view = viewOf(before, order);
    const trial = withOrder(env, order);
    const skipped = skipReason(order, view);
    const [first, ...rest] = skipped === undefined ? problemsOf(order, view, trial) : [];
    const money = worthOf(order);
    if (first !== undefined) return { problems: [first, ...rest], canonical: { document: order, money } };
    return {
      canonical: order,
      money,
      view,
      env: trial,
      passed: 'Items, tax codes, locations and totals are in order.',
      ...(skipped === undefined ? {} : { skipped }),
      goOnAt: (failedStep) =>
        ['canonicalise', 'validate'].includes(failedStep) ? 'tax_enrich' : resumeStep(order, view, failedStep),
    };
  },
  withMappings: (env, mappings) => ({
    ...env,
    master: {
      product: (sku) => env.master.product(sku),
      mapping: (kind, system, code) => {
        const tried = mappings.find((item) => item.kind === kind && item.system === system && item.code === code);
        if (tried === undefined) return env.master.mapping(kind, system, code);
        return { ...tried, changed_by: '', changed_at: '', reason: '' };
      },
    },
  }),
};

/** An order that its connector leaves to others has no canonical form and moves no money. */
const leftAlone = (view: OrderView, env: OrderEnv, reason: string): Understood<OrderData, OrderEnv> => ({
  canonical: undefined,
  money: { amount: '', currency: '' },
  view,
  env,
  passed: '',
  skipped: reason,
  goOnAt: () => 'validate',
});

/** Document number of the order under trial: no stored document has it. */
const TRIAL = -1;

function withOrder(env: OrderEnv, order: Order): OrderEnv {
  const { documents } = env;
  return {
    ...env,
    documents: {
      read: async <T>(seq: number) => (seq === TRIAL ? (order as T) : documents.read<T>(seq)),
      keep: (key, name, value) => documents.keep(key, name, value),
      received: (source) => documents.received(source),
    },
  };
}

function viewOf(view: OrderView, order: Order): OrderView {
  const { channel, legal_entity, currency, tier } = order;
  const dimensions = { ...view.state.dimensions, channel, legal_entity, currency };
  const data = { ...view.data, canonical_seq: TRIAL, tier };
  return { ...view, data, state: { ...view.state, dimensions, data } };
}
