import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { ReconciliationBreak } from '#contracts/v1/reconciliation.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { Connectors } from '../connectors/connectors.ts';
import { ConnectorError } from '../connectors/connector.ts';
import { sendThrough, type SendThroughOptions } from '../reconciliation/orders/send-through.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { ReconciliationStore } from '../reconciliation/store.ts';
import { Refusal } from '../refusal.ts';
import { authorise, replying } from './replies.ts';

export interface BreakFetchOptions extends SendThroughOptions {
  connectors: Pick<Connectors, 'call' | 'offers'>;
  transactions: Pick<TransactionLog, 'isToldByOthers'>;
  store: Pick<ReconciliationStore, 'break' | 'putBreak'>;
  estate: Pick<Estate, 'systems'>;
  now: () => Date;
}

/** Fetches an order that never arrived. Of two people who ask for the same one, the later is told who was first. */
export function breakFetchCommand(options: BreakFetchOptions): Pick<CommandHandlers, 'break.fetch'> {
  const { store, estate, connectors, identity, transactions, now } = options;

  async function demandMissing(state: ReconciliationBreak): Promise<void> {
    const { kind, status, system, reference, business_key } = state;
    if (kind !== 'order_never_arrived') throw new Refusal('refused', 'This break is about no order that is missing.');
    if (status !== 'open') throw new Refusal('refused', `This break is ${status} already.`);
    const key = transactionKey(system, reference);
    if (await identity.isKnown('order_to_cash', key))
      throw new Refusal('refused', `${business_key} has arrived meanwhile: the next comparison heals this break.`);
    if (await transactions.isToldByOthers('order_to_cash', key))
      throw new Refusal(
        'refused',
        `${business_key} is carried by another system, which tells of it: nothing is fetched, and the next comparison heals this break.`,
      );
    if (!estate.systems.some(({ id }) => id === system) || !connectors.offers(system, 'fetch_order'))
      throw new Refusal('refused', `Orders cannot be fetched from ${system}.`);
  }

  return {
    'break.fetch': ({ actor, break_id, revision }) =>
      replying(async () => {
        authorise(actor, 'cases.replay');
        const current = await store.break(break_id);
        if (current === undefined) throw new Refusal('not_found', 'There is no such break.');
        const { state } = current;
        if (state.revision !== revision) throw changedMeanwhile(state);
        await demandMissing(state);
        const taken = await fetch(state, options);
        const at = now().toISOString();
        const note = taken ? 'Fetched from the channel and sent through.' : 'Fetched from the channel; on its way.';
        const after = await store.putBreak(current, {
          ...state,
          ...{ type: 'fetched', at, actor: actor.id, note },
          ...(taken ? { status: 'healed', closed_at: at } : {}),
        });
        if (after === undefined) throw changedMeanwhile((await store.break(break_id))?.state ?? state);
        const message = taken ? 'was fetched and is being processed.' : 'was fetched and waits to be taken in.';
        return { ok: true, break: after.state, message: `${state.business_key} ${message}` };
      }),
  };
}

/** @throws Refusal in the channel's words where it does not give the order. */
async function fetch({ system, reference }: ReconciliationBreak, options: BreakFetchOptions): Promise<boolean> {
  try {
    return await sendThrough(system, reference, options);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { retryable, message } = error.detail;
    throw new Refusal(retryable ? 'unavailable' : 'refused', `The order could not be fetched: ${message}`);
  }
}

export const changedMeanwhile = (current: ReconciliationBreak): Refusal =>
  new Refusal('conflict', `${current.actor} was first (${current.type}). Look at the break again, then decide.`);
