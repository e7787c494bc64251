import type { System } from '#contracts/v1/estate.ts';
import { Decimal } from '../../money.ts';
import type { TaxServices } from '../services.ts';
import { readBody, refusalOf } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { errorBody, taxAnswer } from './contract.ts';
import { taxRequestOf } from './map.ts';

/** TaxJar's business service. A quote has no effect, so it is simply asked again. */
export function taxjarServices(system: System): TaxServices {
  return {
    quote_tax: {
      name: 'quote_tax',
      prepare: ({ order }) => jsonCall('POST', '/v2/taxes', taxRequestOf(order, system.settings)),
      read(answer) {
        const error = refusalOf(answer, (body) => {
          const parsed = errorBody.safeParse(body);
          return parsed.success
            ? { code: parsed.data.error ?? `HTTP_${answer.status}`, message: parsed.data.detail }
            : undefined;
        });
        if (error !== undefined) throw error;
        const { tax } = readBody(answer, taxAnswer, "TaxJar's answer");
        return {
          amountToCollect: new Decimal(tax.amount_to_collect).toFixed(2),
          rate: new Decimal(tax.rate).toDecimalPlaces(6).toFixed(),
        };
      },
    },
  };
}
