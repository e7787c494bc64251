import { price, type Price } from '#contracts/v1/catalogue.ts';
import { channelPrice } from '#contracts/v1/channel-api.ts';
import { resourceParts } from '#contracts/v1/intake.ts';
import { readJson, readValue } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** `PUT /v1/prices/:channel/:sku`: channel and SKU stand in the path. */
export function readPriceFeed(body: Uint8Array, { headers, mapping }: MessageContext): Reading<Price> {
  const [, , channel = '', code = ''] = resourceParts(headers['syncline-resource'] ?? '');
  const sent = readJson(channelPrice, body, JSON.parse);
  if ('problems' in sent) return sent;
  return readValue(price, { ...sent.message, schema_version: 1, channel, sku: mapping('sku', code) ?? code });
}
