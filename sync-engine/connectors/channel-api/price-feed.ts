import { price, type Price } from '#contracts/v1/catalogue.ts';
import { channelPrice } from '#contracts/v1/channel-api.ts';
import { resourceParts } from '#contracts/v1/intake.ts';
import { malformedProblem, schemaProblems } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** `PUT /v1/prices/:channel/:sku`: channel and SKU stand in the path. */
export function readPriceFeed(body: Uint8Array, { headers, mapping }: MessageContext): Reading<Price> {
  const [, , channel = '', code = ''] = resourceParts(headers['syncline-resource'] ?? '');
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    return { problems: [malformedProblem(error)] };
  }
  const sent = channelPrice.safeParse(document);
  if (!sent.success) return { problems: schemaProblems(sent.error) };
  const read = price.safeParse({ ...sent.data, schema_version: 1, channel, sku: mapping('sku', code) ?? code });
  return read.success ? { message: read.data } : { problems: schemaProblems(read.error) };
}
