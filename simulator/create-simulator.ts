import type { Estate } from '#contracts/v1/estate.ts';
import { type Log, silentLog } from '#platform/log.ts';
import { type Catalogue, createCatalogue } from './catalogue/catalogue.ts';
import { type Conditions, createConditions } from './conditions.ts';
import { controlRoutes } from './control.ts';
import { type Counts, createInspection, type Inspection } from './inspection.ts';
import { createIntakeClient, type IntakeClient } from './intake-client.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { type ShippingPace, watchablePace } from './pace.ts';
import { createRandom } from './random.ts';
import { opsRoutes } from './ops.ts';
import { createListener, mount } from './serve.ts';
import { createStockBook, type StockBook } from './stock-book.ts';
import { openStore, type Store } from './store.ts';
import { createSubscriber, type Subscriber } from './subscriber.ts';
import { createSystems, type Systems } from './systems.ts';
import { createTraffic, type Traffic, type TrafficOptions } from './traffic/traffic.ts';
import { startMailSink } from './vendors/smtp/index.ts';

export interface SimulatorOptions {
  estate: Estate;
  /** Value of a secret named in the estate file (`env:NAME`), or undefined where it is not set. */
  secrets: (name: string) => string | undefined;
  host?: string;
  /** 0 takes any free port. */
  port?: number;
  smtpPort?: number;
  /** Where the estate remembers; without it, in memory only. */
  dataDir?: string;
  /** The engine's intake; may be set later with `intake.setUrl`. */
  intakeUrl?: string;
  /** Signs what the endpoint `partner` is told. */
  subscriberSecret?: string;
  /** Opens `/_sim/*`. */
  controlToken?: string;
  seed?: string;
  latency?: boolean;
  limits?: boolean;
  pace?: ShippingPace;
  /** Share of the parcels whose delivery a carrier tells instead of the warehouse; none unless said. */
  trackedShare?: number;
  /** Share of the orders that fraud screening rejects; none unless said. */
  rejectShare?: number;
  catalogueSize?: number;
  traffic?: Partial<TrafficOptions>;
  /** Reasons why the estate may not be used yet, for `/readyz`. */
  ready?: () => string[];
  log?: Log;
}

export interface SimulatorSummary {
  systems: Record<string, Counts>;
  intake: { accepted: number; refused: number; repeated: number };
  conditions: unknown;
  traffic: Record<string, unknown>;
}

export interface Simulator {
  /** Base of all systems: `<url>/<system id>`. */
  url: string;
  smtpUrl: string;
  catalogue: Catalogue;
  conditions: Conditions;
  systems: Systems;
  intake: IntakeClient;
  book: OrderBook;
  stock: StockBook;
  store: Store;
  /** Who is told of orders and stock by webhooks. */
  subscriber: Subscriber;
  traffic: Traffic;
  /** Makes an order known to its shop, as if a customer had placed it; nothing is sent. `body` is the webhook's. */
  placeOrder(system: string, body: string, giftCents?: number): void;
  state: Inspection['state'];
  summary: () => SimulatorSummary;
  close(): Promise<void>;
}

/** Starts the simulated estate: vendor APIs, mail sink and (once `traffic.start` is called) customers. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { estate, host = '127.0.0.1', seed = 'northwind', log = silentLog } = options;
  const store = await openStore(options.dataDir);
  const catalogue = createCatalogue(seed, options.catalogueSize);
  const conditions = createConditions({ latency: options.latency ?? true, limits: options.limits ?? true, seed });
  const book = createOrderBook(store);
  const stock = createStockBook(store, estate, catalogue, seed);
  const intake = createIntakeClient({ url: options.intakeUrl, log });
  const nextId = createIds();
  const setting = (systemId: string, settings: Record<string, string>, name: string) =>
    settingValue(options.secrets, systemId, settings, name);
  const carrier = estate.systems.find(({ kind }) => kind === 'easypost');
  const tracking = carrier && {
    system: carrier.id,
    secret: setting(carrier.id, carrier.settings, 'webhook_secret'),
    share: options.trackedShare ?? 0,
  };
  const systems = createSystems(estate, (system) => ({
    system,
    setting: (name) => setting(system.id, system.settings, name),
    store,
    conditions,
    catalogue,
    book,
    stock,
    random: createRandom(`${system.id} ${seed} ${Date.now()}`),
    intake,
    pace: options.pace ?? watchablePace,
    rejectShare: options.rejectShare ?? 0,
    tracking,
    nextId,
  }));

  const mailSystem = estate.systems.find((system) => system.kind === 'smtp');
  const mail = await startMailSink({
    id: mailSystem?.id ?? 'mail',
    host,
    port: options.smtpPort ?? 0,
    store,
    conditions,
  });
  const traffic = createTraffic(
    { estate, catalogue, conditions, systems, intake, book, store, nextId, log, seed, setting },
    options.traffic,
  );
  const app = createListener();
  for (const served of systems.served) mount(app, served, conditions);
  const subscriber = createSubscriber(app, store);
  if (options.subscriberSecret !== undefined) subscriber.trust('partner', [options.subscriberSecret]);

  const placeOrder: Simulator['placeOrder'] = (system, body, giftCents) =>
    void systems.shops.get(system)?.place(body, giftCents);
  const inspection = createInspection(systems, mailSystem?.id ?? 'mail', mail, subscriber);
  const summary = (): SimulatorSummary => ({
    systems: inspection.counts(),
    intake: intake.counts(),
    conditions: conditions.describe(),
    traffic: traffic.status(),
  });
  const systemIds = new Set(estate.systems.map(({ id }) => id));
  controlRoutes(app, options.controlToken, {
    conditions,
    systemIds,
    state: inspection.state,
    summary,
    setScenario: traffic.setScenario,
    placeOrder,
    dropWebhook: (system, topic) => {
      const shop = systems.shopDesks.get(system);
      shop?.subscriptions.drop(topic);
      return shop !== undefined;
    },
  });
  opsRoutes(app, inspection.counts, () => options.ready?.() ?? []);
  const url = await app.listen({ port: options.port ?? 0, host });
  for (const warehouse of systems.warehouses.values()) warehouse.start();

  return {
    url,
    smtpUrl: mail.url,
    catalogue,
    conditions,
    systems,
    intake,
    book,
    stock,
    store,
    subscriber,
    traffic,
    placeOrder,
    state: inspection.state,
    summary,
    close: async () => {
      await traffic.stop();
      for (const { api } of systems.served) api.close?.();
      for (const other of [...systems.thirdParties.values(), ...systems.buyers.values()]) await other.close();
      await intake.close();
      await app.close();
      await mail.close();
      await store.close();
    },
  };
}

/** Ids that rise with time, also over restarts, so that none is given twice. */
function createIds(): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, Date.now()));
}

function settingValue(
  secrets: SimulatorOptions['secrets'],
  systemId: string,
  settings: Record<string, string>,
  name: string,
): string {
  const setting = settings[name];
  if (setting === undefined) throw new Error(`The system "${systemId}" has no setting "${name}" in the estate file.`);
  if (!setting.startsWith('env:')) return setting;
  const value = secrets(setting.slice(4));
  if (value === undefined || value === '')
    throw new Error(`The secret ${setting.slice(4)}, named by the system "${systemId}", is not set.`);
  return value;
}
