import type { Runner } from '../flows/runner.ts';
import { applyStockChange, type StockArrivalEnv } from '../flows/inventory/apply-stock-change.ts';
import { messageData, type MessageData, type MessageEnv, startMessage, STOCK_MESSAGE } from '../flows/message.ts';
import type { ArrivalHandler } from './arrival.ts';

const NEWER_APPLIED = 'A newer stock level of this item had been applied already, so this one changed nothing.';

/** Stock changes, as warehouses and our own API report them. */
export const createStockArrivals = (
  runner: Runner<MessageData, MessageEnv>,
  env: StockArrivalEnv,
): ArrivalHandler<'stock_change' | 'stock_changes'> => ({
  means: ['stock_change', 'stock_changes'],
  apply: async (arrival, topic) => {
    const applied = await applyStockChange(arrival, topic, env);
    if ('problems' in applied) return applied;
    return applied.outcome === 'superseded' ? { superseded: NEWER_APPLIED } : 'applied';
  },
  setAside: (arrival) => startMessage(runner, STOCK_MESSAGE, arrival, messageData(arrival)),
});
