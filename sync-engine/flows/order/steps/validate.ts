import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import { erpOf, orderOf, type OrderEnv, type OrderInline, type OrderView } from '../order-data.ts';
import { checkItems } from '../rules/items.ts';
import { linesFingerprint } from '../rules/lines-fingerprint.ts';
import { checkLocations } from '../rules/locations.ts';
import { mapTaxCodes } from '../rules/taxes.ts';
import { checkTotals } from '../rules/totals.ts';

/** Holds the order against master data, mappings and its own totals before anything outside hears of it. */
export const validate: OrderInline = {
  kind: 'inline',
  name: 'validate',
  next: (view) => view.state.resume_at ?? 'tax_enrich',
  run: async (view, env) => {
    const order = await orderOf(view, env);
    const skipped = skipReason(order, view);
    if (skipped !== undefined) return { status: 'skipped', attributes: { reason: skipped }, finish: true };
    const [first, ...rest] = problemsOf(order, view, env);
    if (first !== undefined) return { status: 'quarantined', problems: [first, ...rest] };
    return { status: 'completed' };
  },
};

/** Everything that is wrong with a canonical order. */
export function problemsOf(order: Order, view: OrderView, env: OrderEnv): CaseProblem[] {
  const erp = erpOf({
    ...view,
    state: { ...view.state, dimensions: { ...view.state.dimensions, legal_entity: order.legal_entity } },
  });
  return [
    ...checkItems(order, (sku) => env.master.product(sku)),
    ...mapTaxCodes(order, erp, (code) => env.master.mapping('tax_code', erp, code)?.target).problems,
    ...checkLocations(order, view.estate),
    ...checkTotals(order, view.estate.policies.totals_tolerance),
  ].slice(0, 100);
}

/** Why policy leaves this order alone: it is recorded, and nothing is done for it. */
export function skipReason(order: Order, view: OrderView): string | undefined {
  const { policies } = view.estate;
  if (order.test && policies.test_orders === 'skip') return 'A test order: policy is to record it and do nothing.';
  if (order.cancelled_at !== undefined && policies.cancelled_orders === 'skip')
    return 'Cancelled before it reached us: policy is to record it and do nothing.';
  return undefined;
}

/** Where a replay goes on: at the step that failed, or at the reservation where a correction changed the lines. */
export function resumeStep(order: Order, view: OrderView, failedStep: string): string {
  const reserved = view.data.reserved_lines;
  return reserved !== '' && reserved !== linesFingerprint(order) ? 'reserve_stock' : failedStep;
}
