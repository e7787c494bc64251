import { defineCall } from '../../flow.ts';
import { type OrderCall, type OrderData, type OrderEnv, orderOf, systemOfRole } from '../order-data.ts';

/** Asks the fraud service; anything but "accept" stops the order for a person to decide. */
export const fraudScreen: OrderCall = {
  kind: 'call',
  name: 'fraud_screen',
  next: () => 'reserve_stock',
  call: defineCall<OrderData, OrderEnv, 'screen_order'>({
    verb: 'screen_order',
    system: (view) => systemOfRole(view.estate, 'fraud') ?? 'none',
    skip: (view) => {
      if (systemOfRole(view.estate, 'fraud') === undefined) return 'The estate has no fraud service.';
      return view.state.dimensions.origin === 'backfill' ? 'Orders of the past are not screened again.' : undefined;
    },
    input: async (view, env) => ({ order: await orderOf(view, env) }),
    done: (_view, { decision, score, caseNumber }) => {
      if (decision === 'accept') return { status: 'completed', attributes: { decision, score: String(score) } };
      const message = `The fraud service says "${decision}" with a score of ${score} (its case ${caseNumber}). Look into it there, then cancel the order or mark the check as done outside.`;
      return {
        status: 'quarantined',
        problems: [
          { error_class: 'rejected', error_code: `fraud_${decision}`, path: '', document: 'canonical', message },
        ],
      };
    },
  }),
};
