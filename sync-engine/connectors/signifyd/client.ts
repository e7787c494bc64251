import type { FraudServices } from '../services.ts';
import { readBody, refusalOf } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { errorBody, saleAnswer } from './contract.ts';
import { saleOf } from './map.ts';

/**
 * Signifyd's business service. A Sale event with an order id known already updates that order and answers a decision
 * again, so that repeating it makes no second case and no look-up is needed.
 */
export function signifydServices(): FraudServices {
  return {
    screen_order: {
      name: 'screen_order',
      prepare: ({ order }) => jsonCall('POST', '/v3/orders/events/sales', saleOf(order)),
      read(answer) {
        const error = refusalOf(answer, (body) => {
          const parsed = errorBody.safeParse(body);
          if (!parsed.success) return undefined;
          const fields = Object.entries(parsed.data.errors ?? {}).map(
            ([name, texts]) => `${name}: ${texts.join(', ')}`,
          );
          const words = [...(parsed.data.messages ?? []), parsed.data.message, ...fields].filter(
            (text) => text !== undefined,
          );
          return words.length === 0 ? undefined : { code: `HTTP_${answer.status}`, message: words.join('; ') };
        });
        if (error !== undefined) throw error;
        const sale = readBody(answer, saleAnswer, "Signifyd's answer");
        return {
          decision: decisionOf(sale.decision.checkpointAction),
          score: sale.decision.score ?? 0,
          caseNumber: sale.signifydId,
        };
      },
    },
  };
}

function decisionOf(action: string): 'accept' | 'review' | 'reject' {
  if (action === 'ACCEPT') return 'accept';
  return action === 'REJECT' ? 'reject' : 'review';
}
