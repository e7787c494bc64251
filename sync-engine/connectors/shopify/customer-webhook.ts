import { z } from 'zod';
import { customer, type Customer, type MarketingConsent } from '#contracts/v1/customer.ts';
import { offsetDateTime } from '#contracts/v1/primitives.ts';
import { readJson, readValue } from '../reading.ts';
import type { Reading } from '../topics.ts';
import { canonicalAddress, clean, personName } from './canonical-address.ts';
import { payloadAddress } from './order-payload.ts';

const text = z.string().nullish();

/**
 * A customer as the webhooks `customers/create` and `customers/update` carry it. Source:
 * shopify.dev/docs/api/admin-rest/latest/resources/customer
 */
export const payloadCustomer = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  email: text,
  first_name: text,
  last_name: text,
  phone: text,
  updated_at: offsetDateTime,
  default_address: payloadAddress.nullish(),
  email_marketing_consent: z.object({ state: text, consent_updated_at: offsetDateTime.nullish() }).nullish(),
});
type PayloadCustomer = z.infer<typeof payloadCustomer>;

/** Where a field of ours stands in Shopify's. */
const places: Record<string, string> = {
  external_id: 'id',
  full_name: 'last_name',
  address: 'default_address',
  line1: 'address1',
  line2: 'address2',
  postal_code: 'zip',
  region_code: 'province_code',
  marketing_consent: 'email_marketing_consent',
};

export function readShopifyCustomer(body: Uint8Array): Reading<Customer> {
  const parsed = readJson(payloadCustomer, body);
  if ('problems' in parsed) return parsed;
  const sent = parsed.message;
  const updated_at = new Date(sent.updated_at).toISOString();
  const address = canonicalAddress(sent.default_address);
  const consent = consentOf(sent, updated_at);
  const read = {
    ...{ schema_version: 1, external_id: sent.id, updated_at },
    full_name: personName(sent),
    email: clean(sent.email),
    phone: clean(sent.phone),
    // Where a shop does not ask for an address, it sends one with no more than a name.
    ...(address !== undefined && address.country_code !== '' && { address }),
    ...(consent !== undefined && { marketing_consent: consent }),
  };
  return readValue(customer, read, (path) => path.map((part) => places[String(part)] ?? part));
}

/** Whoever was never asked has said nothing, and whoever has yet to confirm has not said yes. */
function consentOf({ email_marketing_consent: sent }: PayloadCustomer, at: string): MarketingConsent | undefined {
  const state = sent?.state?.toLowerCase();
  if (state !== 'subscribed' && state !== 'unsubscribed') return undefined;
  const said = sent?.consent_updated_at;
  return {
    state: state === 'subscribed' ? 'granted' : 'withdrawn',
    at: said == null ? at : new Date(said).toISOString(),
  };
}
