import type { OrderData, OrderEnv } from '../order/order-data.ts';
import type { Runner } from '../runner.ts';
import { OWN_SYSTEM } from '../transitions.ts';
import type { ReturnEnv } from './return-data.ts';

/**
 * Shows on an order what became of a return of it: its number leads to the order then. An order whose events are no
 * longer kept has nothing to be shown on.
 */
export const noteOnOrder =
  (orders: Runner<OrderData, OrderEnv>): ReturnEnv['note'] =>
  async (orderKey, { id, step, attributes }) => {
    await orders.amend(orderKey, ({ state, now }) => {
      if (state.signals.includes(id)) return 'nothing';
      const at = now.toISOString();
      return {
        record: {
          step,
          status: 'completed',
          attempt: 1,
          system: OWN_SYSTEM,
          direction: 'internal',
          started_at: at,
          ended_at: at,
          attributes,
        },
        state: { ...state, signals: [...state.signals, id] },
      };
    });
  };
