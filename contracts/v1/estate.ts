import { z } from 'zod';
import { idOrRange, idsIn, numberedIdsIn } from './id-range.ts';
import { currencyCode, decimal, instant, slug } from './primitives.ts';
import { reconciliationPlan } from './reconciliation.ts';

const seconds = z.number().positive().max(31_536_000);

export const systemRole = z.enum([
  'channel',
  'erp',
  'wms',
  'tax',
  'fraud',
  'payment',
  'notification',
  'stores',
  'service_desk',
  'carrier',
]);
export type SystemRole = z.infer<typeof systemRole>;

/** observe: steps are shown but nothing is sent to it. */
export const systemMode = z.enum(['observe', 'live']);
export type SystemMode = z.infer<typeof systemMode>;

export const retryPolicy = z.object({
  /** Attempts in all, the first included. */
  max_attempts: z.int().min(1).max(100).default(6),
  initial_delay_s: seconds.default(1),
  max_delay_s: seconds.default(300),
});

export const systemLimits = z.object({
  concurrency: z.int().min(1).max(500).default(8),
  /** Calls a second; absent means unlimited. */
  rate_per_s: z.number().positive().optional(),
  timeout_s: seconds.default(10),
  /** Consecutive failures that open the breaker, and how long it stays open before a probe. */
  breaker_failures: z.int().min(1).max(1000).default(8),
  breaker_open_s: seconds.default(15),
});

export const maintenanceWindow = z.object({
  /** Cron expression (croner) of the start, in `time_zone`. */
  starts: z.string().min(1),
  time_zone: z.string().default('UTC'),
  duration_s: seconds,
  reason: z.string().min(1).max(200),
});

export const system = z.object({
  id: slug,
  name: z.string().min(1).max(100),
  role: systemRole,
  /** Which connector speaks to it: the engine names those it knows where it knows none of this kind. */
  kind: z.string(),
  /** Module with a connector of your own for this kind, relative to the estate file (docs/connectors.md). */
  connector: z.string().min(1).max(500).optional(),
  /** What it begins with; people change it while Syncline runs (docs/going-live.md). */
  mode: systemMode.default('live'),
  base_url: z.string().min(1),
  /** Vendor settings: shop domain, account, public ids. Secrets are named, never written: `env:NAME`. */
  settings: z.record(z.string(), z.string()).default({}),
  /** What was agreed with a trading partner; its connector checks it at the start (docs/edi.md). */
  partner: z.record(z.string(), z.unknown()).optional(),
  /** May a flow go on without it? */
  degradable: z.boolean().default(false),
  limits: systemLimits.default(systemLimits.parse({})),
  retry: retryPolicy.default(retryPolicy.parse({})),
  maintenance: z.array(maintenanceWindow).default([]),
});
export type System = z.infer<typeof system>;

export const channel = z.object({
  id: slug,
  name: z.string().min(1).max(100),
  system: slug,
  /** Who captures this channel's payments: the channel's own system or a payment provider. */
  payment: slug,
  region: slug,
  brand: slug,
  legal_entity: slug,
  currency: currencyCode,
  /** Locations this channel may sell from, in order of preference. */
  locations: z.array(slug).min(1),
  /** Its customers are written to in this language (ISO 639); absent: in that of the country they live in. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
  /** It orders on account: once the ERP has posted its invoice, the channel's system is sent it. */
  on_account: z.boolean().optional(),
  /** Share of what is sellable that this channel may offer. */
  allocation_percent: z.int().min(0).max(100).default(100),
  /** May an order come in several parcels, where no location holds all of it? */
  split_shipments: z.boolean().default(false),
  /** May an order wait for what is not in stock? Otherwise that is a case. */
  backorders: z.boolean().default(false),
  /** own: the channel keeps its own products. published: what it shows of them comes from the item master. */
  products: z.enum(['own', 'published']).default('own'),
});
export type Channel = z.infer<typeof channel>;

/** Whose sales a store's takings are, and so what its day is posted as. */
export const storeTerms = z.object({
  /** owned: all of it is ours. concession: only our commission. franchise: nothing; royalties are invoiced elsewhere. */
  ownership: z.enum(['owned', 'franchise', 'concession']).default('owned'),
  /** Of net sales; for a concession. */
  commission_percent: decimal.default('0'),
});

export const location = z.object({
  id: slug,
  name: z.string().min(1).max(100),
  kind: z.enum(['distribution_centre', 'store']),
  wms: slug.optional(),
  region: slug,
  legal_entity: slug,
  safety_stock: z.int().nonnegative().default(0),
  /** It promised to ship within so many seconds after an order is placed, where its class asks no less. */
  ship_s: seconds.optional(),
  /** Terms of a store; one without any is owned. */
  store: storeTerms.optional(),
});

export type Location = z.infer<typeof location>;

/** Locations that are alike are declared once, by a range of their ids: `{number}` in the name becomes each one's digits. */
const listedLocation = location
  .extend({ id: idOrRange })
  .refine(({ id, name }) => !id.includes('..') || name.includes('{number}'), {
    path: ['name'],
    error: 'expected {number} in the name, so that each location of the range has its own',
  });

const locationsIn = ({ id: ids, name, ...alike }: z.infer<typeof listedLocation>): Location[] =>
  numberedIdsIn(ids).map(({ id, number }) => ({ id, name: name.replaceAll('{number}', number), ...alike }));

/** A channel as the file declares it: what it may sell from may be ranges of locations. */
const listedChannel = channel.extend({ locations: z.array(idOrRange).min(1) });

/** What an ERP keeps books of: orders with their invoices and credits, stores' takings, marketplaces' payouts. */
export const booksDomain = z.enum(['orders', 'takings', 'payouts']);
export type BooksDomain = z.infer<typeof booksDomain>;

export const legalEntity = z.object({
  id: slug,
  name: z.string().min(1).max(100),
  country_code: z.string().regex(/^[A-Z]{2}$/),
  currency: currencyCode,
  /** The books of this entity: an ERP, and what the entity is called there. */
  erp: slug,
  erp_subsidiary: z.string().min(1),
  /** What another ERP takes over, and from when on. What began before stays where it was begun. */
  moves: z
    .array(
      z.object({
        from: instant,
        erp: slug,
        erp_subsidiary: z.string().min(1),
        domains: z
          .array(booksDomain)
          .min(1)
          .default([...booksDomain.options]),
      }),
    )
    .optional(),
});

/** Targets in seconds after the order was placed. */
export const slaTargets = z.object({
  acknowledge_s: seconds,
  erp_s: seconds,
  release_s: seconds,
  ship_s: seconds,
});

export const policies = z.object({
  test_orders: z.enum(['skip', 'process']).default('skip'),
  cancelled_orders: z.enum(['skip', 'process']).default('skip'),
  post_invoice_on: z.enum(['shipment', 'delivery']).default('delivery'),
  /** Totals may differ from the sum of their parts by at most this, in the order's currency. */
  totals_tolerance: decimal.default('0.00'),
  /** A signal that came before its order is kept this long, then it is a case. */
  hold_early_signals_s: seconds.default(3600),
  /** A store that sends no batch for this long is silent. */
  store_silent_after_s: seconds.default(900),
  /** A store's own takings and tax may differ from the sum of its receipts by at most this, in its currency. */
  takings_tolerance: decimal.default('0.00'),
  /** A replay that moves an order of more than this, in the reporting currency, needs a second person; absent means never. */
  second_person_above: decimal.optional(),
  /** A refund of more than this, in the reporting currency, needs a second person; absent: as `second_person_above`. */
  refund_approval_above: decimal.optional(),
  /** Are shipping charges given back once everything has come back, or never? */
  refund_shipping: z.enum(['full_return', 'never']).default('full_return'),
  /** Goods of a return are to be here within this after it was asked for; later they are no longer counted on. */
  return_receive_s: seconds.default(1_814_400),
  /** A return is to be refunded and posted within this after its goods were received. */
  return_refund_s: seconds.default(259_200),
  /** A webhook triggered longer ago than this is accepted but marked stale. */
  stale_after_s: seconds.default(14_400),
  /** Hosts of webhook endpoints that may be private addresses. In a simulated estate they need no TLS either. */
  webhook_private_hosts: z.array(z.string().min(1).max(253)).default([]),
});

/** config/estate.yaml: the whole estate. */
export const estate = z
  .object({
    version: z.literal(1),
    name: z.string().min(1).max(100),
    simulated: z.boolean().default(false),
    /** Names of brands as customers know them, by id; a brand that is not listed goes by the estate's name. */
    brands: z.record(slug, z.string().min(1).max(100)).optional(),
    reporting_currency: currencyCode,
    /** Units of the reporting currency for one unit of each, before others are set (docs/rates.md). */
    rates: z.record(currencyCode, decimal),
    systems: z.array(system).min(1),
    channels: z.array(listedChannel).min(1),
    locations: z.array(listedLocation).min(1),
    legal_entities: z.array(legalEntity).min(1),
    sla: z.object({ express: slaTargets, standard: slaTargets, economy: slaTargets }),
    /** A stock change must be at the channel within this. */
    publication_target_s: seconds.default(60),
    policies: policies.default(policies.parse({})),
    /** What is compared on a schedule (docs/reconciliation.md). */
    reconciliations: z.array(reconciliationPlan).default([]),
  })
  .superRefine((value, context) => {
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const roles = new Map(value.systems.map((item) => [item.id, item.role]));
    const locations = new Set(value.locations.flatMap(({ id }) => idsIn(id)));
    const entities = new Set(value.legal_entities.map((item) => item.id));
    const known = (ids: { has(id: string): boolean }, id: string, path: (string | number)[], what: string) => {
      if (!ids.has(id)) issue(path, `${what} "${id}" is not declared in this file`);
    };
    const systemOf = (wanted: readonly SystemRole[], id: string, path: (string | number)[]) => {
      const role = roles.get(id);
      if (role === undefined) issue(path, `system "${id}" is not declared in this file`);
      else if (!wanted.includes(role))
        issue(path, `system "${id}" has the role ${role}, expected ${wanted.join(' or ')}`);
    };
    for (const list of ['systems', 'channels', 'locations', 'legal_entities', 'reconciliations'] as const) {
      const seen = new Set<string>();
      value[list].forEach((item, i) => {
        const ids = idsIn(item.id);
        const twice = ids.find((id) => seen.has(id));
        if (twice !== undefined) issue([list, i, 'id'], `"${twice}" is declared twice`);
        ids.forEach((id) => seen.add(id));
      });
    }
    const shops = new Set<string>();
    value.systems.forEach(({ kind, settings }, i) => {
      const shop = settings['shop_domain'];
      if (kind !== 'shopify' || shop === undefined) return;
      if (shops.has(shop)) issue(['systems', i, 'settings', 'shop_domain'], `shop "${shop}" belongs to another system`);
      shops.add(shop);
    });
    value.channels.forEach((item, i) => {
      systemOf(['channel', 'stores'], item.system, ['channels', i, 'system']);
      systemOf(['channel', 'stores', 'payment'], item.payment, ['channels', i, 'payment']);
      known(entities, item.legal_entity, ['channels', i, 'legal_entity'], 'legal entity');
      item.locations.forEach((ids, j) =>
        idsIn(ids).forEach((id) => known(locations, id, ['channels', i, 'locations', j], 'location')),
      );
      if (!(item.currency in value.rates))
        issue(['rates'], `no rate for ${item.currency}, used by channel "${item.id}"`);
    });
    value.locations.forEach((item, i) => {
      if (item.wms !== undefined) systemOf(['wms'], item.wms, ['locations', i, 'wms']);
      known(entities, item.legal_entity, ['locations', i, 'legal_entity'], 'legal entity');
    });
    value.reconciliations.forEach((item, i) => {
      if (item.kind !== 'orders') return;
      item.systems.forEach((id, j) => systemOf(['channel'], id, ['reconciliations', i, 'systems', j]));
    });
    value.legal_entities.forEach((item, i) => {
      systemOf(['erp'], item.erp, ['legal_entities', i, 'erp']);
      item.moves?.forEach(({ erp }, j) => systemOf(['erp'], erp, ['legal_entities', i, 'moves', j, 'erp']));
      if (!(item.currency in value.rates))
        issue(['rates'], `no rate for ${item.currency}, used by legal entity "${item.id}"`);
    });
  })
  .transform((value) => ({
    ...value,
    channels: value.channels.map((item) => ({ ...item, locations: item.locations.flatMap(idsIn) })),
    locations: value.locations.flatMap(locationsIn),
  }));
export type Estate = z.infer<typeof estate>;
export type EstateInput = z.input<typeof estate>;
