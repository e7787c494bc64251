import { createHash } from 'node:crypto';
import { stockChange, type StockChange } from '#contracts/v1/catalogue.ts';
import { channelStock } from '#contracts/v1/channel-api.ts';
import { resourceParts } from '#contracts/v1/intake.ts';
import { readJson, readValue } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';
import { inOwnUnits } from '../units.ts';

/** `PUT /v1/stock/:location/:sku`: place and SKU stand in the path. */
export function readStockFeed(body: Uint8Array, { system, headers, mapping }: MessageContext): Reading<StockChange> {
  const [, , location = '', code = ''] = resourceParts(headers['syncline-resource'] ?? '');
  const sent = readJson(channelStock, body, JSON.parse);
  if ('problems' in sent) return sent;
  const { unit, ...told } = sent.message;
  const sku = mapping('sku', code) ?? code;
  const counted = inOwnUnits({ sku, quantity: told.quantity, unit }, '/unit', { system, mapping });
  if ('problem' in counted) return { problems: [counted.problem] };
  return readValue(stockChange, {
    ...told,
    ...counted,
    schema_version: 1,
    change_id: createHash('sha256').update(`${location}\n${code}\n${told.version}`).digest('hex').slice(0, 40),
    source: system,
    sku,
    location,
  });
}
