import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import { sumAmounts } from '../../../money.ts';
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
  next: ({ state, data }) => (data.lines_changed ? 'reserve_stock' : (state.resume_at ?? 'tax_enrich')),
  run: async (view, env) => {
    if (view.data.left_alone !== undefined) return leftAlone(view.data.left_alone);
    const order = await orderOf(view, env);
    const skipped = skipReason(order, view);
    if (skipped !== undefined) return leftAlone(skipped);
    const [first, ...rest] = problemsOf(order, view, env);
    if (first !== undefined) return { status: 'quarantined', problems: [first, ...rest] };
    return {
      status: 'completed',
      data: { lines_changed: linesChanged(order, view) },
      attributes: takenAtCheckout(order, view),
    };
  },
};

/**
 * What the shop itself took before the order came to us: no capture of ours says so, and the reconciliation holds it
 * against what the shop's payments list.
 */
function takenAtCheckout(order: Order, { estate }: OrderView): Record<string, string> {
  const channel = estate.channels.find(({ id }) => id === order.channel);
  const sales = order.payments.filter(({ kind }) => kind === 'sale');
  const [first] = sales;
  if (first === undefined || channel?.payment !== order.system) return {};
  return {
    taken_by: channel.payment,
    taken_reference: order.external_id,
    taken_amount: sumAmounts(sales.map(({ amount }) => amount)),
    payment_method: first.gateway,
  };
}

/** It is recorded, and nothing is done for it. */
const leftAlone = (reason: string) => ({ status: 'skipped', attributes: { reason }, finish: true }) as const;

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
    ...checkLinesStand(order, view),
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
export const resumeStep = (order: Order, view: OrderView, failedStep: string): string =>
  linesChanged(order, view) ? 'reserve_stock' : failedStep;

/** Did a correction change the lines that stock is set aside for? */
const linesChanged = (order: Order, { data }: OrderView): boolean =>
  data.reserved_lines !== '' && data.reserved_lines !== linesFingerprint(order);

/** What the warehouse picks or has shipped cannot be corrected behind its back. */
function checkLinesStand(order: Order, view: OrderView): CaseProblem[] {
  const { resume_at, resume_in_doubt } = view.state;
  // A release whose answer was lost may be in the warehouse.
  const inDoubt = resume_at === 'wms_release' && resume_in_doubt === true;
  const released = view.data.wms_order !== '' || view.data.shipments.length > 0 || inDoubt;
  if (!released || !linesChanged(order, view)) return [];
  const message =
    'The warehouse has this order already, so what is to be shipped cannot be changed any more. Leave the lines as they were, or cancel the order.';
  return [{ error_class: 'validation', error_code: 'lines_released', path: '/lines', document: 'canonical', message }];
}
