import type { Flow } from './step-event.ts';
import { hash32 } from './key.ts';

/** Number of STEPS partitions. Never changes: it decides the subject on which a transaction's fence lives. */
export const STEPS_PARTITIONS = 8;
/** Number of stock partitions, one writer each. Never changes, for the same reason. */
export const STOCK_PARTITIONS = 4;

export const streams = {
  intake: 'INTAKE',
  steps: 'STEPS',
  work: 'WORK',
  stock: 'STOCK',
  cases: 'CASES',
  payloads: 'PAYLOADS',
  audit: 'AUDIT',
  repairs: 'REPAIRS',
  /** Business events for others, as CloudEvents. */
  events: 'EVENTS',
  /** Attempts to tell endpoints of them. */
  deliveries: 'DELIVERIES',
  reconciliation: 'RECONCILIATION',
  incidents: 'INCIDENTS',
} as const;

export const buckets = {
  /** External ids → transaction key; outlives the events. */
  identity: 'IDENTITY',
  /** Signals that came before the transaction they belong to. */
  held: 'HELD',
  /** Work that waits for a retry. */
  waiting: 'WAITING',
  leases: 'LEASES',
  mappings: 'MAPPINGS',
  /** Rates to the reporting currency, by currency and day. */
  rates: 'RATES',
  products: 'PRODUCTS',
  /** Block claims of ingest. */
  claims: 'CLAIMS',
  users: 'USERS',
  sessions: 'SESSIONS',
  /** Attempts to sign in, per account and per client address. */
  signInAttempts: 'SIGN_IN_ATTEMPTS',
  apiClients: 'API_CLIENTS',
  /** Latest state of connectors: breaker, throttle, backlog. */
  connectors: 'CONNECTORS',
  /** Which of them people have paused. */
  connectorSwitches: 'CONNECTOR_SWITCHES',
  stockSnapshots: 'STOCK_SNAPSHOTS',
  /** Documents exchanged as files: control numbers given and seen, releases by the number a warehouse knows. */
  exchange: 'EXCHANGE',
  /** Views of lists that users saved. */
  views: 'VIEWS',
  /** Queries that analysts saved. */
  queries: 'QUERIES',
  /** What people decided about a cause: owner, note, hold, mute. */
  causes: 'CAUSES',
  /** What the engine reads of messages that are JSON, by kind of system and topic. */
  payloadSchemas: 'PAYLOAD_SCHEMAS',
  /** How far each store's batches have come. */
  storeSequences: 'STORE_SEQUENCES',
  /** Our SKU of what channels know by numbers of their own. */
  channelItems: 'CHANNEL_ITEMS',
  /** Who has which case open. */
  presence: 'PRESENCE',
  /** Who looked at which case within the last minutes, so that one look is one act in the audit. */
  looks: 'LOOKS',
  /** Prices that are or may come into force, by channel and SKU. */
  prices: 'PRICES',
  /** Each person once, with what they are recognised by, in hashes. */
  customers: 'CUSTOMERS',
  /** How far each system that has to be asked was read. */
  pollCursors: 'POLL_CURSORS',
  /** Moments at which a transaction wants to be told that they have come. */
  alarms: 'ALARMS',
  /** How far work that reads a stream in order has come. */
  positions: 'POSITIONS',
  /** Orders that wait for stock to come in, by transaction key. */
  backorders: 'BACKORDERS',
  /** What the service desk was told last, by order. */
  serviceDesk: 'SERVICE_DESK',
  /** Who is told of which events. */
  webhooks: 'WEBHOOKS',
  webhookSecrets: 'WEBHOOK_SECRETS',
  /** How their endpoints do. */
  webhookHealth: 'WEBHOOK_HEALTH',
  /** Deliveries that wait for another attempt. */
  webhookWaiting: 'WEBHOOK_WAITING',
  /** What is asked to be told again. */
  webhookReplays: 'WEBHOOK_REPLAYS',
  /** What fails before long, by kind. */
  warnings: 'WARNINGS',
  /** How each system's feeds usually come, by domain of intake. */
  feedPaces: 'FEED_PACES',
  /** What came back of each order and what was given for it. */
  returns: 'RETURNS',
  /** What returns will need of settled orders, long after their events have aged out. */
  returnable: 'RETURNABLE',
} as const;

/** Domains of intake, each with consumers of its own, so that a flood in one cannot starve another. */
export const intakeDomains = [
  'order',
  'fulfilment',
  'stock',
  'store',
  'price',
  'customer',
  'return',
  'payment',
  'payout',
  'master',
] as const;
export type IntakeDomain = (typeof intakeDomains)[number];
export type SlaClass = 'urgent' | 'standard' | 'bulk';
export const slaClasses: readonly SlaClass[] = ['urgent', 'standard', 'bulk'];

export const stepsPartition = (key: string): number => hash32(key) % STEPS_PARTITIONS;
export const stockPartition = (sku: string): number => hash32(sku) % STOCK_PARTITIONS;

export const subjects = {
  intake: (domain: IntakeDomain, system: string, topic: string) => `intake.${domain}.${system}.${topic}`,
  /** Beside a feed: what we fetched because the system did not tell of it, and backfill. That it came says nothing of the feed. */
  intakeAside: (domain: IntakeDomain, system: string, topic: string) => `intake.${domain}.${system}.aside.${topic}`,
  intakeDomain: (domain: IntakeDomain) => `intake.${domain}.>`,
  step: (flow: Flow, key: string) => `steps.${stepsPartition(key)}.${flow}.${key}`,
  stepsOfPartition: (partition: number) => `steps.${partition}.>`,
  allSteps: 'steps.>',
  work: (connector: string, slaClass: SlaClass) => `work.${connector}.${slaClass}`,
  stockJournal: (partition: number) => `stock.${partition}`,
  stockCommand: (partition: number) => `cmd.stock.${partition}`,
  case: (id: string) => `cases.${id}`,
  allCases: 'cases.>',
  /** Canonical, fixed and sent documents of a transaction. */
  payload: (key: string, name: string) => `payloads.${key}.${name}`,
  /** What people did: sign-ins, refusals, reveals, commands. */
  audit: (action: string) => `audit.${action}`,
  allAudit: 'audit.>',
  /** A repair run; the state of the run is in the last event. */
  repairRun: (id: string) => `repairs.run.${id}`,
  allRepairRuns: 'repairs.run.>',
  /** What became of one case in a run. */
  repairItem: (run: string, caseId: string) => `repairs.item.${run}.${caseId}`,
  allRepairItems: 'repairs.item.>',
  repairItems: (run: string) => `repairs.item.${run}.>`,
  /** A repair rule; each event is a version of it. */
  repairRule: (id: string) => `repairs.rule.${id}`,
  allRepairRules: 'repairs.rule.>',
  /** A trial of a change on real payloads, without effects. */
  shadowRun: (id: string) => `repairs.shadow.${id}`,
  allShadowRuns: 'repairs.shadow.>',
  allRepairs: 'repairs.>',
  /** A business event by its name: `events.order.shipped.v1`. */
  event: (name: string) => `events.${name}`,
  allEvents: 'events.>',
  delivery: (webhook: string) => `deliveries.${webhook}`,
  allDeliveries: 'deliveries.>',
  /** One comparison; its last event carries its state. */
  reconciliationRun: (id: string) => `reconciliation.run.${id}`,
  allReconciliationRuns: 'reconciliation.run.>',
  /** One difference; each event is the state it left. */
  reconciliationBreak: (id: string) => `reconciliation.break.${id}`,
  allReconciliationBreaks: 'reconciliation.break.>',
  /** Since when a plan is known: nothing before it was missed. */
  reconciliationPlan: (id: string) => `reconciliation.plan.${id}`,
  /** An entry of an incident's timeline; the last carries the incident as it stands. */
  incident: (id: string) => `incidents.${id}`,
  allIncidents: 'incidents.>',
  command: (name: string) => `cmd.${name}`,
  /** What ingest landed, at most twice a second. */
  nudge: 'live.nudge',
} as const;
