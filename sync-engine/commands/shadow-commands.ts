import { randomBytes } from 'node:crypto';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ShadowChange, ShadowRun } from '#contracts/v1/shadow.ts';
import { EstateError } from '#platform/estate.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { CaseStore } from '../cases/case-store.ts';
import { FULFILMENT_MESSAGE } from '../flows/message.ts';
import type { OrderData, OrderEnv } from '../flows/order/order-data.ts';
import { orderPayload } from '../flows/order/payload-reading.ts';
import type { Runner } from '../flows/runner.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { openComparison } from '../shadow/change.ts';
import { latestOrders } from '../shadow/latest-orders.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { ShadowStore } from '../shadow/shadow-store.ts';
import type { Looking } from '../shadow/side.ts';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

export interface ShadowCommandsOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Estate;
  kinds: Pick<Kinds, 'topic'>;
  looking: Looking;
  store: ShadowStore;
  cases: CaseStore;
  log: TransactionLog;
  orders: Pick<Runner<OrderData, OrderEnv>, 'step'>;
  now: () => Date;
}

/** Bytes: the file travels with every message of the run, and a message takes a megabyte. */
const LARGEST_ESTATE = 200_000;

/** Starts and ends trials of a change on real orders. */
export function shadowCommands(options: ShadowCommandsOptions): Pick<CommandHandlers, 'shadow.run' | 'shadow.abort'> {
  const { js, manager, estate, kinds, looking, store, cases, log, orders, now } = options;
  return {
    'shadow.run': (request) =>
      replying(async () => {
        authorise(request.actor, 'rules.write');
        await demandTriable(request.change);
        const latest = await latestOrders(js, manager, kinds, request.payloads);
        const [first_seq] = latest;
        const last_seq = latest.at(-1) ?? 0;
        const named = (await Promise.all(request.cases.map(orderOfCase))).flatMap((one) => one ?? []);
        const wanted = new Set([...latest, ...named.map(({ seq }) => seq)]).size;
        if (wanted === 0) throw new Refusal('refused', 'No order has arrived yet that it could be tried on.');
        const created = await store.create({
          shadow_id: randomBytes(8).toString('hex'),
          status: 'running',
          change: request.change,
          ...(first_seq === undefined ? {} : { latest: { first_seq, last_seq } }),
          ...(named.length === 0 ? {} : { cases: named }),
          created_by: request.actor.id,
          created_at: now().toISOString(),
          wanted,
          tried: 0,
          same: 0,
          different: 0,
          unknown: 0,
          differences: [],
          message: '',
        });
        if (created === undefined) throw new Error('a new shadow run could not be written');
        return { ok: true, shadow: created.state, message: `It is being tried on ${wanted} orders. Nothing is sent.` };
      }),
    'shadow.abort': (request) =>
      replying(async () => {
        authorise(request.actor, 'rules.write');
        for (;;) {
          const current = await store.get(request.shadow_id);
          if (current === undefined) throw new Refusal('not_found', 'There is no such shadow run.');
          if (current.state.status !== 'running')
            throw new Refusal('refused', `This shadow run is ${current.state.status} already.`);
          const message = `Aborted by ${request.actor.id}.`;
          const after = await store.change(current, { status: 'aborted', message });
          if (after !== undefined) return { ok: true, shadow: after.state, message: 'Aborted.' };
        }
      }),
  };

  /** @throws Refusal with what is wrong with the change itself. */
  async function demandTriable(change: ShadowChange): Promise<void> {
    if (change.kind === 'repair' && change.repair.kind === 'none')
      throw new Refusal('invalid', 'Another attempt alone changes nothing that could be compared.');
    if (change.kind === 'estate' && Buffer.byteLength(change.yaml) > LARGEST_ESTATE)
      throw new Refusal('invalid', 'The estate file is larger than 200 kB; a trial takes no more.');
    try {
      await openComparison(change, estate, looking).close();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const hint = error instanceof EstateError ? ' Variables without a default are not filled in here.' : '';
      throw new Refusal('invalid', `${message}${hint}`.slice(0, 4_000), { fields: [{ path: '/change', message }] });
    }
  }

  /** Where the order of a case arrived; undefined where the case is of something else or the order is gone. */
  async function orderOfCase(id: string): Promise<NonNullable<ShadowRun['cases']>[number] | undefined> {
    const state = (await cases.get(id))?.state;
    if (state?.flow !== 'order_to_cash' || state.step === FULFILMENT_MESSAGE) return undefined;
    const head = await log.reload<OrderData>('order_to_cash', state.key);
    if (head === undefined) return undefined;
    const understanding = orderPayload.rebuild.includes(state.step);
    return { seq: head.state.data.intake_seq, refused: !understanding && orders.step(state.step).kind === 'call' };
  }
}
