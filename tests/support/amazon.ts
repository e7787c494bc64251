import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { buildAmazonOrder } from '#simulator/amazon-order.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import type { AmazonApi } from '#simulator/vendors/amazon/index.ts';
import { orderDraft } from './engine.ts';

/** An estate whose Amazon is asked many times a second, with settings of the test's own. */
export const askedOften =
  (settings: Record<string, string> = {}) =>
  (estate: Estate): Estate => ({
    ...estate,
    systems: estate.systems.map((system) =>
      system.id === 'amazon'
        ? { ...system, settings: { ...system.settings, ...plenty, 'poll.every_s': '0.05', ...settings } }
        : system,
    ),
  });

const plenty = {
  'quota.getOrders': '500/500',
  'quota.getOrder': '500/500',
  'quota.getOrderItems': '500/500',
  'quota.confirmShipment': '500/500',
};

export function amazonOf(simulator: Pick<Simulator, 'systems'>): AmazonApi {
  const api = simulator.systems.amazons.get('amazon');
  if (api === undefined) throw new Error('the estate has no Amazon');
  return api;
}

/** An order of three units as a buyer places it; `at` is when it last changed. @returns its number and transaction. */
export function placeAtAmazon(
  simulator: Pick<Simulator, 'systems' | 'catalogue' | 'book'>,
  id: number,
  options: { status?: string; at?: Date; channel?: 'AFN' | 'MFN' } = {},
): { orderId: string; key: string } {
  const built = buildAmazonOrder(orderDraft(simulator, { id }));
  const orderId = built.order.AmazonOrderId;
  simulator.book.place({
    system: 'amazon',
    external_id: orderId,
    number: orderId,
    placed_at: new Date().toISOString(),
    origin: 'simulated',
  });
  const order = { ...built.order, FulfillmentChannel: options.channel ?? 'MFN' };
  amazonOf(simulator).market.place({ ...built, order }, options);
  return { orderId, key: transactionKey('amazon', orderId) };
}
