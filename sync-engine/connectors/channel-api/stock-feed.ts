import { createHash } from 'node:crypto';
import { stockChange, type StockChange } from '#contracts/v1/catalogue.ts';
import { channelStock } from '#contracts/v1/channel-api.ts';
import { resourceParts } from '#contracts/v1/intake.ts';
import { malformedProblem, schemaProblems } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';
import { inOwnUnits } from '../units.ts';

/** `PUT /v1/stock/:location/:sku`: place and SKU stand in the path. */
export function readStockFeed(body: Uint8Array, { system, headers, mapping }: MessageContext): Reading<StockChange> {
  const [, , location = '', code = ''] = resourceParts(headers['syncline-resource'] ?? '');
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    return { problems: [malformedProblem(error)] };
  }
  const sent = channelStock.safeParse(document);
  if (!sent.success) return { problems: schemaProblems(sent.error) };
  const { unit, ...told } = sent.data;
  const sku = mapping('sku', code) ?? code;
  const counted = inOwnUnits({ sku, quantity: told.quantity, unit }, '/unit', { system, mapping });
  if ('problem' in counted) return { problems: [counted.problem] };
  const change = stockChange.safeParse({
    ...told,
    ...counted,
    schema_version: 1,
    change_id: createHash('sha256').update(`${location}\n${code}\n${sent.data.version}`).digest('hex').slice(0, 40),
    source: system,
    sku,
    location,
  });
  return change.success ? { message: change.data } : { problems: schemaProblems(change.error) };
}
