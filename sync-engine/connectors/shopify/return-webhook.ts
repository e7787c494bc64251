import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import type { ReturnReason } from '#contracts/v1/returns.ts';
import { readJson } from '../reading.ts';
import type { ReturnMessage } from '../return-message.ts';
import type { MessageContext, Reading } from '../topics.ts';

const id = z.string().regex(/^\d{1,20}$/);

/**
 * A return as the webhook `returns/request` carries it; numbers arrive as their decimal text. Source:
 * shopify.dev/docs/api/webhooks (returns/request) and shopify.dev/docs/api/admin-graphql/latest/enums/ReturnReason.
 */
export const requestedReturn = z.object({
  id,
  /** As the shop's staff and customer know it, such as #1001-R1. */
  name: z.string().max(64).nullish(),
  order: z.object({ id }),
  return_line_items: z
    .array(
      z.object({
        quantity: z
          .string()
          .regex(/^[1-9]\d{0,8}$/, 'expected a quantity')
          .transform(Number),
        return_reason: z.string().max(100).nullish(),
        fulfillment_line_item: z.object({ line_item: z.object({ id }) }),
      }),
    )
    .min(1)
    .max(1000),
});

/** Shopify's reasons in our words; `unknown` is left to whoever receives the goods, another word to the mappings. */
const reasons: Readonly<Record<string, ReturnReason | undefined>> = {
  color: 'changed_mind',
  defective: 'defective',
  not_as_described: 'not_as_described',
  other: 'other',
  size_too_large: 'too_large',
  size_too_small: 'too_small',
  style: 'changed_mind',
  unwanted: 'changed_mind',
  wrong_item: 'wrong_item',
};

function reasonOf(told: string | null | undefined): string | undefined {
  const code = told?.toLowerCase() ?? 'unknown';
  if (code === 'unknown' || code === '') return undefined;
  return Object.hasOwn(reasons, code) ? reasons[code] : code;
}

/** A customer asks the shop to take goods back. The payload does not say when: that is when the shop sent it. */
export function readReturnRequest(body: Uint8Array, { system, headers }: MessageContext): Reading<ReturnMessage> {
  const parsed = readJson(requestedReturn, body);
  if ('problems' in parsed) return parsed;
  const { name, order, return_line_items, ...sent } = parsed.message;
  return {
    message: {
      number: name == null || name === '' ? `R${sent.id}` : name,
      orderKey: transactionKey(system, order.id),
      orderPath: '/order/id',
      at: headers['syncline-triggered-at'] ?? headers['syncline-received-at'],
      lines: return_line_items.map(({ quantity, return_reason, fulfillment_line_item }, i) => ({
        line_id: fulfillment_line_item.line_item.id,
        quantity,
        reason_code: reasonOf(return_reason),
        condition: 'unknown',
        path: `/return_line_items/${i}`,
      })),
    },
  };
}
