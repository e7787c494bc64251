import type { Actor, CommandReply } from '#contracts/v1/commands.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { Runner } from '../flows/runner.ts';
import { held, released } from '../flows/decisions.ts';
import { transitions } from '../flows/transitions.ts';
import type { Kicks } from '../work/kicks.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface OrderCommandsOptions {
  orders: Runner<unknown, unknown>;
  kicks: Pick<Kicks, 'after'>;
  now: () => Date;
}

/** Hold, release and cancel an order. Each is recorded on the order itself. */
export function orderCommands(
  options: OrderCommandsOptions,
): Pick<CommandHandlers, 'order.hold' | 'order.release' | 'order.cancel'> {
  const { orders, kicks, now } = options;
  const permitted = (actor: Actor, run: () => Promise<CommandReply>) =>
    replying(() => {
      authorise(actor, 'orders.control');
      return run();
    });
  return {
    'order.hold': ({ actor, key, reason }) =>
      permitted(actor, async () => {
        await amended(orders, key, (view) => {
          if (view.state.phase === 'finished')
            return { refuse: 'The order is finished; there is nothing left to hold.' };
          if (view.state.held !== undefined) return { refuse: `${view.state.held.by} holds this order already.` };
          return held(view, actor.id, reason);
        });
        return { ok: true, message: 'The order is on hold. A call under way is still finished.' };
      }),
    'order.release': ({ actor, key, reason }) =>
      permitted(actor, async () => {
        await kicks.after({ flow: 'order_to_cash', key }, () =>
          amended(orders, key, (view) =>
            view.state.held === undefined ? { refuse: 'The order is not on hold.' } : released(view, actor.id, reason),
          ),
        );
        return { ok: true, message: 'The order goes on.' };
      }),
    'order.cancel': ({ actor, key, reason }) =>
      permitted(actor, async () => {
        await kicks.after({ flow: 'order_to_cash', key }, () =>
          amended(orders, key, (view) => {
            if (view.state.phase === 'finished') return { refuse: 'The order is finished; it can only be returned.' };
            if (view.state.signals.includes('cancel'))
              return { refuse: 'A cancellation of this order is under way already.' };
            return transitions.signalled(view, {
              id: 'cancel',
              type: 'cancel',
              system: 'console',
              at: now().toISOString(),
              intake_seq: 0,
              data: { reason: `${reason} (${actor.id})` },
            });
          }),
        );
        return { ok: true, message: 'The cancellation is accepted. What was done for the order is being undone.' };
      }),
  };
}

/** Applies a decision about an order. @throws Refusal where there is none, or it says no. */
export async function amended<Data, Env>(
  orders: Runner<Data, Env>,
  key: string,
  decide: Parameters<Runner<Data, Env>['amend']>[1],
): Promise<void> {
  const result = await orders.amend(key, decide);
  if (result === 'unknown') throw new Refusal('not_found', 'There is no such order, or its events are no longer kept.');
  if ('refuse' in result) throw new Refusal('refused', result.refuse);
}
