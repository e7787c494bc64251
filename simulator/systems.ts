import type { Estate, System } from '#contracts/v1/estate.ts';
import { saleCurrencies, type SaleCurrency } from './catalogue/catalogue.ts';
import type { ServedSystem } from './serve.ts';
import { type AmazonApi, createAmazon } from './vendors/amazon/index.ts';
import { createNetSuite } from './vendors/netsuite/index.ts';
import { createWarehouse, type Warehouse } from './vendors/rest-wms/index.ts';
import { createShopify, type ShopifyApi } from './vendors/shopify/index.ts';
import type { Shop } from './vendors/shopify/shop.ts';
import { createSignifyd } from './vendors/signifyd/index.ts';
import { createStripe, type StripeApi } from './vendors/stripe/index.ts';
import { createTaxJar } from './vendors/taxjar/index.ts';
import { type Buyer, createBuyer } from './vendors/x12-partner/index.ts';
import { createThirdParty, type ThirdParty } from './vendors/x12-3pl/index.ts';
import { createZendesk } from './vendors/zendesk/index.ts';
import { isSimulated, type SystemKind, type VendorApi, type VendorContext } from './vendors/vendor.ts';

/** The simulated systems of an estate, with those the traffic acts on by themselves. */
export interface Systems {
  served: ServedSystem[];
  shops: Map<string, Shop>;
  /** Where the staff of each shop refund orders by hand. */
  refundDesks: Map<string, ShopifyApi['refund']>;
  /** Where they send parcels and set stock by hand, customers ask for returns, and webhooks are dropped. */
  shopDesks: Map<string, Pick<ShopifyApi, 'fulfil' | 'setLevel' | 'requestReturn' | 'subscriptions'>>;
  amazons: Map<string, AmazonApi>;
  warehouses: Map<string, Warehouse>;
  /** Warehouses that exchange documents in folders. */
  thirdParties: Map<string, ThirdParty>;
  /** Partners who buy by documents in folders. */
  buyers: Map<string, Buyer>;
  stripes: Map<string, StripeApi>;
}

export function createSystems(estate: Estate, contextOf: (system: System) => VendorContext): Systems {
  const systems: Systems = {
    served: [],
    shops: new Map(),
    refundDesks: new Map(),
    shopDesks: new Map(),
    amazons: new Map(),
    warehouses: new Map(),
    thirdParties: new Map(),
    buyers: new Map(),
    stripes: new Map(),
  };
  const subsidiaries = new Set(
    estate.legal_entities.flatMap(({ erp_subsidiary, moves = [] }) => [
      erp_subsidiary,
      ...moves.map((move) => move.erp_subsidiary),
    ]),
  );
  for (const system of estate.systems) {
    const { id, kind } = system;
    if (kind === 'x12-partner') systems.buyers.set(id, createBuyer(contextOf(system)));
    if (kind === 'x12-3pl') systems.thirdParties.set(id, createThirdParty(contextOf(system)));
    // Mail has a server of its own; channels on Syncline's own API are callers only.
    if (!isSimulated(kind) || kind === 'smtp') continue;
    const api = createApi(kind, contextOf(system), estate, subsidiaries, systems);
    systems.served.push({ id, kind, api, statuses: new Map() });
  }
  return systems;
}

/** The currency that a shop of the estate sells in; the simulated catalogue has prices in three. */
function currencyOf(estate: Estate, system: string): SaleCurrency {
  const currency = estate.channels.find((channel) => channel.system === system)?.currency;
  return saleCurrencies.find((known) => known === currency) ?? 'USD';
}

function createApi(
  kind: Exclude<SystemKind, 'smtp'>,
  context: VendorContext,
  estate: Estate,
  subsidiaries: ReadonlySet<string>,
  systems: Systems,
): VendorApi {
  const id = context.system.id;
  switch (kind) {
    case 'shopify': {
      const api = createShopify(context, currencyOf(estate, id));
      systems.shops.set(id, api.shop);
      systems.refundDesks.set(id, api.refund);
      systems.shopDesks.set(id, api);
      return api;
    }
    case 'amazon': {
      const api = createAmazon(context);
      systems.amazons.set(id, api);
      return api;
    }
    case 'netsuite':
      return createNetSuite(context, subsidiaries);
    case 'rest-wms': {
      const buildings = estate.locations.filter((location) => location.wms === id).map((one) => one.id);
      const api = createWarehouse(context, buildings);
      systems.warehouses.set(id, api);
      return api;
    }
    case 'stripe': {
      const api = createStripe(context);
      systems.stripes.set(id, api);
      return api;
    }
    case 'taxjar':
      return createTaxJar(context);
    case 'zendesk':
      return createZendesk(context);
    case 'signifyd':
      return createSignifyd(context);
  }
}
