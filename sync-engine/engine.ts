import { randomBytes } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { buckets } from '#contracts/v1/subjects.ts';
import { followCauses } from '#platform/causes.ts';
import { followConnectorSwitches } from '#platform/connector-switches.ts';
import { createLeases } from '#platform/lease.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { standEstate } from '#platform/standing-estate.ts';
import { openAudit } from '#platform/audit.ts';
import { openPayloadSchemas } from '#platform/payload-schemas.ts';
import { serveCommands } from '#platform/nats/service.ts';
import { followRates } from '#platform/rates.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { Alarms } from './alarms.ts';
import { holdBackground } from './background.ts';
import { BackorderBook } from './backorders/backorder-book.ts';
import { createCaseDesk } from './cases/case-desk.ts';
import { followCases } from './cases/case-index.ts';
import { CaseStore } from './cases/case-store.ts';
import { ReplayConditions } from './cases/replay-conditions.ts';
import { Replays } from './cases/replays.ts';
import { caseCommands } from './commands/case-commands.ts';
import { causeCommands } from './commands/cause-commands.ts';
import { incidentCommands } from './commands/incident-commands.ts';
import { connectorCommands } from './commands/connector-commands.ts';
import { mappingCommands } from './commands/mapping-commands.ts';
import { orderCommands } from './commands/order-commands.ts';
import { rateCommands } from './commands/rate-commands.ts';
import { replayCommands } from './commands/replay-commands.ts';
import { rerouteCommands } from './commands/reroute.ts';
import { ruleCommands } from './commands/rule-commands.ts';
import { shadowCommands } from './commands/shadow-commands.ts';
import { stockCommands } from './commands/stock-commands.ts';
import { trialCommands } from './commands/trial-commands.ts';
import { Connectors } from './connectors/connectors.ts';
import { Kinds } from './connectors/kinds.ts';
import { payloadSchemas } from './connectors/payload-schemas.ts';
import { CustomerIndex } from './customers/customer-index.ts';
import { Documents } from './documents.ts';
import { TransactionLog } from './flows/transaction-log.ts';
import { openExchangeBook } from './files/exchange-book.ts';
import { holdFetching } from './hold-fetching.ts';
import type { Engine, EngineOptions } from './engine-options.ts';
import { createEngineMetrics } from './metrics.ts';
import { Identity } from './identity.ts';
import { IncidentStore } from './incidents/incident-store.ts';
import { ChannelItems } from './arrivals/channel-items.ts';
import { startArrivals } from './arrivals/arrivals.ts';
import { createIntake } from './intake/server.ts';
import { createIntakeQueries } from './intake/queries.ts';
import { startMasterIntake } from './master/apply.ts';
import { createMasterData } from './master/master-data.ts';
import { PriceBook } from './prices/price-book.ts';
import { ReturnableOrders } from './returns/returnable-orders.ts';
import { ReturnBook } from './returns/return-book.ts';
import { holdShadows } from './shadow/hold-shadows.ts';
import { followShadowRuns } from './shadow/shadow-runs.ts';
import { ShadowStore } from './shadow/shadow-store.ts';
import { createStock } from './stock/index.ts';
import { openRuleBook } from './repairs/rule-book.ts';
import { RuleStore } from './repairs/rule-store.ts';
import { ConnectorDecisions } from './work/connector-decisions.ts';
import { startConnectorWork } from './work/connector-work.ts';
import { startFlowQueue } from './work/flow-queue.ts';
import { Kicks } from './work/kicks.ts';
import { StoreSequences } from './arrivals/store-sequences.ts';
import { openEvents } from './open-events.ts';
import { openFlows } from './open-flows.ts';
import { openReconciliation } from './open-reconciliation.ts';
import { openRepairs } from './open-repairs.ts';
import { openWarnings } from './warnings/open-warnings.ts';

export type { Engine, EngineOptions } from './engine-options.ts';

/** The whole sync engine of one replica: intake, flows, connectors, stock, cases and commands. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { nc, estate, log, secrets } = options;
  const now = () => new Date();
  const ackWaitMs = options.ackWaitMs ?? 30_000;
  const retentionDays = options.retentionDays ?? 30;
  await ensureStreams(nc, { replicas: options.replicas ?? 1, retentionDays });
  const js = jetstream(nc);
  const publisher = publisherOf(nc);
  const manager = await jetstreamManager(nc);
  const nonce = randomBytes(6).toString('hex');
  const metrics = createEngineMetrics(options.metrics);
  const shared = { js, publisher, manager, log, now };

  const leases = await createLeases(nc, {
    owner: `engine-${nonce}`,
    ttlMs: options.leaseMs ?? 6_000,
    onLost: (name) => log.warn({ lease: name }, 'lease lost'),
    onError: (error, name) => log.warn({ err: error, lease: name }, 'lease trouble'),
  });
  const master = await createMasterData(nc, log);
  const identity = await Identity.open(nc);
  const documents = new Documents(publisher, js, manager);
  const book = await openExchangeBook(nc);
  const kinds = new Kinds(estate, options.connectors);
  const switches = await followConnectorSwitches(nc, log);
  const standing = standEstate(estate, switches);
  const decisions = new ConnectorDecisions(await openBucket(nc, buckets.connectorSwitches), switches.learn);
  const connectors = Connectors.open(estate, kinds, secrets, book, switches);
  const stock = createStock({
    ...{ nc, estate, standing, kinds, leases, log },
    publishCall: connectors.call,
    offers: (system, verb) => connectors.offers(system, verb),
    origin: estate.simulated ? 'simulated' : 'live',
  });
  const cases = new CaseStore(publisher, manager, nonce, now);
  const transactions = new TransactionLog({
    publisher,
    manager,
    nonce,
    onAppend: metrics.appended,
    ...(options.unsafeWithoutFence === undefined ? {} : { unsafeWithoutFence: options.unsafeWithoutFence }),
  });

  const waiting = await openBucket(nc, buckets.waiting);
  const kicks = new Kicks({ publisher, waiting, log, now });
  const alarms = await Alarms.open(nc, now);
  const backorders = await BackorderBook.open(nc);
  const rules = await openRuleBook(js, manager, log, now);
  const rates = await followRates(nc, log, estate, now);
  const { runners, handlers, orders, fulfilment, messages, publishProduct } = openFlows({
    ...{ estate, standing, connectors, kinds },
    publisher,
    manager,
    transactions,
    documents,
    master,
    identity,
    stock: stock.client,
    book,
    prices: await PriceBook.open(nc),
    customers: await CustomerIndex.open(nc),
    returns: await ReturnBook.open(nc, estate.policies.return_receive_s),
    returnable: await ReturnableOrders.open(nc, transactions, documents),
    call: connectors.call,
    offers: (system, verb) => connectors.offers(system, verb),
    alarms,
    backorders,
    cases: createCaseDesk(cases, now),
    items: await ChannelItems.open(nc),
    sequences: new StoreSequences(await openBucket(nc, buckets.storeSequences)),
    rules,
    rates,
    log,
    now,
  });

  const conditions = new ReplayConditions({
    ...{ estate, rates, documents, messages, fulfilment, runners, kinds },
    log: transactions,
  });
  const replays = new Replays({ cases, conditions, log: transactions, runners, js, manager, kicks, now });
  const index = await followCases(js, manager, log);
  const shadows = await followShadowRuns(js, manager, log);
  const shadowStore = new ShadowStore(publisher, manager, nonce, now);
  const shadowing = {
    js,
    manager,
    estate,
    kinds,
    looking: { master, connectors: options.connectors ?? [], rates },
    store: shadowStore,
    now,
  };
  metrics.countCases(() => [...index.open()].length);
  const intake = await createIntake({
    nc,
    estate,
    kinds,
    secrets,
    log,
    metrics: options.metrics,
    queries: createIntakeQueries(js, manager, stock.client),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  });

  await (await openPayloadSchemas(nc)).put(payloadSchemas(kinds.inUse()));
  const causes = await followCauses(nc, log);
  await master.ready;
  await causes.ready;
  await stock.start();
  const repairs = await openRepairs({
    ...shared,
    ...{ nc, nonce, estate, rates, leases, cases, index, replays },
    ...{ runners, transactions, connectors, documents, master },
    retentionDays,
    onHold: (fingerprint) => {
      const hold = causes.get(fingerprint)?.hold;
      return hold && `“${hold.reason}” (${hold.by}).`;
    },
  });
  const audit = await openAudit(nc, log);
  const events = await openEvents({ ...shared, ...options, leases, audit });
  const reconciliation = await openReconciliation({
    ...shared,
    ...{ nonce, estate, leases, kinds, connectors, master, identity, transactions, retentionDays },
    stock: stock.client,
  });
  const warnings = await openWarnings({
    ...shared,
    ...{ nc, estate: standing.now, kinds, connectors, master, switches, leases },
  });
  const parts = [
    repairs,
    await startMasterIntake(nc, master, log, publishProduct),
    await startFlowQueue({ js, manager, runners, log, ackWaitMs }),
    await startConnectorWork({
      ...shared,
      metrics,
      decisions,
      connectors,
      runners,
      transactions,
      documents,
      leases,
      waiting,
      states: await openBucket(nc, buckets.connectors),
      ackWaitMs,
    }),
    await startArrivals({
      ...shared,
      estate,
      identity,
      leases,
      held: await openBucket(nc, buckets.held),
      ackWaitMs,
      handlers,
    }),
    await serveCommands(
      nc,
      {
        ...caseCommands({ cases, documents }),
        ...causeCommands({ kv: await openBucket(nc, buckets.causes), learn: causes.learn, now }),
        ...incidentCommands({ incidents: new IncidentStore(publisher, manager, nonce), estate, now }),
        ...connectorCommands({ decisions, manager, estate: standing.now, now }),
        ...stockCommands({ stock: stock.client, master, estate, now }),
        ...mappingCommands({ master, cases, estate, now }),
        ...rateCommands({ kv: await openBucket(nc, buckets.rates), learn: rates.learn, estate, log, now }),
        ...orderCommands({ orders, kicks, now }),
        ...rerouteCommands({ orders, kicks }),
        ...trialCommands({ cases, documents, log: transactions, runners, connectors, replays, kicks }),
        ...repairs.commands,
        ...replayCommands({ cases, replays, runners, now }),
        ...shadowCommands({ ...shadowing, cases, log: transactions, orders }),
        ...events,
        ...reconciliation.commands,
        ...warnings.commands,
        ...ruleCommands({ rules: new RuleStore(publisher, manager, nonce), estate, now }),
      },
      log,
      audit,
    ),
  ];
  await holdFetching({
    ...shared,
    ...{ nc, estate, standing: standing.now, kinds, secrets, connectors, leases, book, metrics },
  });
  holdBackground({
    ...shared,
    ...{ estate: standing.now, kinds, leases, runners, orders, alarms, backorders, kicks, cases, index, replays },
    stock: stock.client,
    transactions,
    retentionDays,
    ...{ call: connectors.call, told: await openBucket(nc, buckets.serviceDesk), ackWaitMs },
  });
  reconciliation.begin();
  holdShadows(leases, { ...shadowing, runs: shadows, log, retentionDays });

  return {
    intake,
    ready: async () => {
      if (nc.isClosed()) return ['NATS is not connected'];
      await nc.flush();
      await intake.ready;
      return [];
    },
    close: async () => {
      await intake.close();
      for (const part of parts.reverse()) await part.stop();
      index.stop();
      rules.stop();
      rates.stop();
      shadows.stop();
      reconciliation.stop();
      await stock.stop();
      await leases.close();
      warnings.stop();
      causes.stop();
      switches.stop();
      master.stop();
      await connectors.close();
    },
  };
}
