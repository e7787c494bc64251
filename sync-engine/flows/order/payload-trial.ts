import type { CaseProblem } from '#contracts/v1/case.ts';
import type { OrderEnv, OrderView } from './order-data.ts';
import { canonicaliseReceived } from './steps/canonicalise.ts';
import { problemsOf, skipReason } from './steps/validate.ts';

/** What would stop an order with this received payload before anything outside hears of it; empty where nothing would. */
export async function payloadProblems(view: OrderView, env: OrderEnv, payload: string): Promise<CaseProblem[]> {
  const canonical = await canonicaliseReceived(view, env, payload);
  if ('problems' in canonical) return canonical.problems;
  return skipReason(canonical.order, view) === undefined ? problemsOf(canonical.order, view, env) : [];
}
