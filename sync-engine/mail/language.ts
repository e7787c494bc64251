import type { Channel } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';

/**
 * The language a customer is likely to read: the channel's, where the estate says so, or else what is mostly spoken
 * where the goods or the bill went (CLDR's likely subtags). Empty where nobody can tell.
 */
export function languageOf(
  { shipping_address, billing_address }: Pick<Order, 'shipping_address' | 'billing_address'>,
  channel: Pick<Channel, 'language'>,
): string {
  if (channel.language !== undefined) return channel.language;
  const country = shipping_address?.country_code ?? billing_address?.country_code ?? '';
  return /^[A-Z]{2}$/.test(country) ? (new Intl.Locale(`und-${country}`).maximize().language ?? '') : '';
}
