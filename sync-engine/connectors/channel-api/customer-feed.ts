import { channelCustomer } from '#contracts/v1/channel-api.ts';
import { customer, type Customer } from '#contracts/v1/customer.ts';
import { resourceParts } from '#contracts/v1/intake.ts';
import { malformedProblem, schemaProblems } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** `PUT /v1/customers/:id`: the sender's number stands in the path. */
export function readCustomerFeed(body: Uint8Array, { headers }: MessageContext): Reading<Customer> {
  const [, , external_id = ''] = resourceParts(headers['syncline-resource'] ?? '');
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    return { problems: [malformedProblem(error)] };
  }
  const sent = channelCustomer.safeParse(document);
  if (!sent.success) return { problems: schemaProblems(sent.error) };
  const read = customer.safeParse({ ...sent.data, schema_version: 1, external_id });
  return read.success ? { message: read.data } : { problems: schemaProblems(read.error) };
}
