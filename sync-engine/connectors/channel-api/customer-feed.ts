import { channelCustomer } from '#contracts/v1/channel-api.ts';
import { customer, type Customer } from '#contracts/v1/customer.ts';
import { resourceParts } from '#contracts/v1/intake.ts';
import { readJson, readValue } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** `PUT /v1/customers/:id`: the sender's number stands in the path. */
export function readCustomerFeed(body: Uint8Array, { headers }: MessageContext): Reading<Customer> {
  const [, , external_id = ''] = resourceParts(headers['syncline-resource'] ?? '');
  const sent = readJson(channelCustomer, body, JSON.parse);
  if ('problems' in sent) return sent;
  return readValue(customer, { ...sent.message, schema_version: 1, external_id });
}
