import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import type { ReconciliationPlan, ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { Identity } from '../identity.ts';
import type { MasterData } from '../master/master-data.ts';
import type { StockClient } from '../stock/client.ts';
import { countBreaksOf } from './break-counts.ts';
import { inboxCaughtUp, stockDomains } from './caught-up.ts';
import { compareFinance } from './finance/run.ts';
import type { Compared } from './found.ts';
import type { KnownReconciliation } from './known.ts';
import { compareOrders } from './orders/run.ts';
import { settleBreaks } from './settle-breaks.ts';
import { compareStock } from './stock/run.ts';
import { stockSources } from './stock/sources.ts';
import type { ReconciliationStore, Stored } from './store.ts';
import { openTrail, TakenOver, type Trail } from './trail.ts';

export interface ReconciliationOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Estate;
  connectors: Pick<Connectors, 'call' | 'offers'>;
  stock: Pick<StockClient, 'positions' | 'allPositions' | 'holders'>;
  master: Pick<MasterData, 'mapping' | 'mappings'>;
  identity: Pick<Identity, 'isKnown'>;
  transactions: TransactionLog;
  store: ReconciliationStore;
  known: KnownReconciliation;
  log: Log;
  now: () => Date;
}

type Run = Stored<ReconciliationRun>;

/**
 * Compares what a run is for and settles its breaks. Whoever takes over from an engine that was killed reads everything
 * once more; what was settled before stays as it is.
 * @throws TakenOver where another engine works on it; Error where it cannot go on at all
 */
export async function performRun(from: Run, options: ReconciliationOptions, signal: AbortSignal): Promise<void> {
  const { estate, store, now } = options;
  const plan = estate.reconciliations.find(({ id }) => id === from.state.plan);
  if (plan === undefined) throw new Error('The estate no longer declares this reconciliation.');
  const at = now().toISOString();
  const started = from.state.started_at === '' ? at : from.state.started_at;
  const run = await change(store, from, { status: 'running', started_at: started });
  const trail = await openTrail(options.transactions, run.state, estate, now);
  await trail.add({
    step: 'begin_run',
    attributes: { kind: plan.kind, requested_by: run.state.requested_by, from: run.state.from, to: run.state.to },
    ...(trail.resumed ? { status: 'replayed' as const } : {}),
  });
  const standing = options.known.standingBreaks(plan.id);
  const compared = await compare(plan, run.state, { ...options, trail, standing, signal });
  crashPoint('engine.reconciliation.compared');
  await settleBreaks(compared, standing, { run_id: run.state.run_id, plan: plan.id }, store, now);
  crashPoint('engine.reconciliation.settled');
  const counts = await countBreaksOf(options.js, options.manager, run.state.run_id, signal);
  await trail.add({
    step: 'settle_breaks',
    attributes: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
  });
  const { compared: total, agreeing, undecided, groups, unread } = compared;
  const message = unread.join(' ').slice(0, 2000);
  await trail.finish({
    step: 'finish_run',
    attributes: { compared: String(total), agreeing: String(agreeing), undecided: String(undecided) },
    ...(message === '' ? {} : { status: 'degraded' as const, error_message: message, error_class: 'unavailable' }),
  });
  await change(store, run, {
    status: unread.length === 0 ? 'done' : 'incomplete',
    finished_at: now().toISOString(),
    compared: total,
    agreeing,
    undecided,
    groups: groups.slice(0, 2_000),
    message,
    ...counts,
  });
}

function compare(
  plan: ReconciliationPlan,
  run: ReconciliationRun,
  options: ReconciliationOptions & {
    trail: Trail;
    standing: ReturnType<KnownReconciliation['standingBreaks']>;
    signal: AbortSignal;
  },
): Promise<Compared> {
  const { connectors, master, manager } = options;
  const reading = { ...options, call: connectors.call, offers: connectors.offers.bind(connectors) };
  switch (plan.kind) {
    case 'stock':
      return compareStock(plan, {
        ...reading,
        sources: stockSources(plan, {
          estate: options.estate,
          offers: reading.offers,
          mapping: (kind, system, code) => master.mapping(kind, system, code)?.target,
          mappedPlaces: (system) =>
            new Map(
              [...master.mappings()].flatMap((one) =>
                one.kind === 'location' && one.system === system ? [[one.code, one.target] as const] : [],
              ),
            ),
        }),
        caughtUp: (withinMs, signal) => inboxCaughtUp(manager, stockDomains, withinMs, signal),
      });
    case 'finance':
      return compareFinance(plan, { from: run.from, to: run.to }, reading);
    case 'orders':
      return compareOrders(
        plan,
        { from: run.from, to: run.to },
        {
          ...reading,
          caughtUp: (withinMs, signal) => inboxCaughtUp(manager, ['order'], withinMs, signal),
        },
      );
  }
}

/** @throws TakenOver where somebody else was first */
async function change(store: ReconciliationStore, current: Run, patch: Partial<ReconciliationRun>): Promise<Run> {
  const after = await store.putRun(current, { ...current.state, ...patch });
  if (after === undefined) throw new TakenOver(`another engine works on the run ${current.state.run_id}`);
  return after;
}
