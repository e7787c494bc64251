import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { OrderEnv, OrderView } from './order-data.ts';
import { canonicaliseReceived } from './steps/canonicalise.ts';
import { problemsOf, skipReason } from './steps/validate.ts';

/** The order that this received payload makes, or what would stop it before anything outside hears of it. */
export async function tryPayload(
  view: OrderView,
  env: OrderEnv,
  payload: string,
): Promise<{ order: Order } | { problems: CaseProblem[] }> {
  const canonical = await canonicaliseReceived(view, env, payload);
  if ('problems' in canonical) return canonical;
  const { order } = canonical;
  const problems = skipReason(order, view) === undefined ? problemsOf(order, view, env) : [];
  return problems.length === 0 ? { order } : { problems };
}
