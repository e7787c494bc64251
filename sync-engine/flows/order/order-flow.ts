import type { Estate } from '#contracts/v1/estate.ts';
import { STOCK_AVAILABLE } from '../../backorders/backorder-book.ts';
import { FULFILMENT_MESSAGE, messageStep } from '../message.ts';
import type { FlowState, Signal } from '../state.ts';
import type { Interrupt, Step, Taken, View } from '../flow.ts';
import type { OrderData, OrderEnv, OrderFlow, OrderView } from './order-data.ts';
import { orderPayload } from './payload-reading.ts';
import { acknowledgeChannel } from './steps/acknowledge-channel.ts';
import { awaitStock } from './steps/await-stock.ts';
import { canonicalise } from './steps/canonicalise.ts';
import { capturePayment } from './steps/capture-payment.ts';
import { channelInvoice } from './steps/channel-invoice.ts';
import { channelFulfilment } from './steps/channel-fulfilment.ts';
import { delivered } from './steps/delivered.ts';
import { erpCreateSalesOrder } from './steps/erp-create-sales-order.ts';
import { erpPostInvoice } from './steps/erp-post-invoice.ts';
import { fraudScreen } from './steps/fraud-screen.ts';
import { notifyCustomer } from './steps/notify-customer.ts';
import { reallocate, reserveStock } from './steps/reserve-stock.ts';
import { settle } from './steps/settle.ts';
import { shipmentConfirmed, shipmentProblems } from './steps/shipment-confirmed.ts';
import { taxEnrich, taxRevisit } from './steps/tax-enrich.ts';
import { validate } from './steps/validate.ts';
import { voidAuthorization } from './steps/void-authorization.ts';
import { withdrawRelease } from './steps/withdraw-release.ts';
import { wmsRelease } from './steps/wms-release.ts';

const steps: readonly Step<OrderData, OrderEnv>[] = [
  canonicalise,
  validate,
  taxEnrich,
  fraudScreen,
  reserveStock,
  acknowledgeChannel,
  erpCreateSalesOrder,
  wmsRelease,
  awaitStock,
  withdrawRelease,
  reallocate,
  shipmentConfirmed,
  capturePayment,
  channelFulfilment,
  notifyCustomer,
  delivered,
  taxRevisit,
  erpPostInvoice,
  channelInvoice,
  settle,
  voidAuthorization,
  messageStep(FULFILMENT_MESSAGE),
];

/** order_to_cash: from a channel's order to shipped, paid, delivered and invoiced. */
export const createOrderFlow = (env: OrderEnv): OrderFlow => ({
  name: 'order_to_cash',
  steps: new Map(steps.map((step) => [step.name, step])),
  deadline,
  interrupt,
  takes,
  payload: orderPayload,
  cancelled: 'cancelled',
  env,
});

type Milestone = 'acknowledge_s' | 'erp_s' | 'release_s' | 'ship_s';

/** The milestone each step leads to; after the goods have left, the customer waits for nothing of ours. */
const milestones: Readonly<Record<string, Milestone>> = {
  canonicalise: 'acknowledge_s',
  validate: 'acknowledge_s',
  tax_enrich: 'acknowledge_s',
  fraud_screen: 'acknowledge_s',
  reserve_stock: 'acknowledge_s',
  acknowledge_channel: 'acknowledge_s',
  erp_create_sales_order: 'erp_s',
  wms_release: 'release_s',
  await_stock: 'ship_s',
  withdraw_release: 'ship_s',
  reallocate: 'ship_s',
  shipment_confirmed: 'ship_s',
};

/** The deadline of the next milestone, counted from when the order was placed. */
function deadline(state: FlowState<OrderData>, estate: Estate): string {
  const milestone = milestones[state.step];
  if (state.phase !== 'forward' || milestone === undefined) return '';
  const ofClass = estate.sla[state.data.tier][milestone];
  // A place may have promised to ship sooner than the class of the order asks.
  const promised =
    milestone === 'ship_s' ? estate.locations.find(({ id }) => id === state.data.location)?.ship_s : undefined;
  const placed = Date.parse(state.dimensions.occurred_at);
  return new Date(placed + Math.min(ofClass, promised ?? ofClass) * 1000).toISOString();
}

/** A cancellation is possible until goods have left. */
function interrupt(view: View<OrderData>): Interrupt | undefined {
  const signal = view.state.inbox.find(({ type }) => type === 'cancel');
  if (signal === undefined) return undefined;
  // A shipment that waits in the inbox has left as well.
  const shipped = view.data.shipments.length > 0 || view.state.inbox.some(({ type }) => type === 'shipment');
  const stated = typeof signal.data['reason'] === 'string' ? signal.data['reason'] : 'The channel cancelled the order.';
  return {
    signal,
    accept: !shipped,
    reason: shipped ? 'Goods have left already; the order goes on. Use a return.' : stated,
  };
}

/**
 * While an order is not understood yet, or is being cancelled, a shipment waits; of an order that is over it is a case,
 * and so is one that does not fit its order.
 */
async function takes(view: OrderView, signal: Signal, env: OrderEnv): Promise<Taken> {
  const { phase } = view.state;
  if (signal.type === STOCK_AVAILABLE) return takesStock(view);
  if (signal.type !== 'shipment') return 'now';
  if (phase === 'finished') return 'never';
  if (phase === 'compensating' || view.data.canonical_seq === 0) return 'later';
  const [first, ...rest] = await shipmentProblems(view, signal, env);
  return first === undefined ? 'now' : { problems: [first, ...rest] };
}

/** Told once, and only while the order waits: what there is now may be gone when it comes to it. */
function takesStock({ state, data }: OrderView): Taken {
  if (state.phase === 'finished') return 'never';
  // It is being decided whether the order waits: the book says so before the checkpoint does.
  if (state.step === 'reserve_stock' || state.step === 'reallocate') return 'later';
  if ((data.backordered ?? []).length === 0) return 'never';
  const told = state.inbox.some(({ type }) => type === STOCK_AVAILABLE);
  return state.step === 'await_stock' && state.phase === 'forward' && !told ? 'now' : 'later';
}
