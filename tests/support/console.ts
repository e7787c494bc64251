import type { ServerBuild } from '@remix-run/node';
import type { Bundle } from '#app/server/bundle.ts';
import { type Console, createConsole } from '#app/server/console.ts';
import { estate, type Estate } from '#contracts/v1/estate.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openUsers, type UserStore } from '#platform/users.ts';
import { type TestClickHouse, startClickHouse } from './clickhouse.ts';
import { startNats, type TestNats } from './nats.ts';

export interface TestConsole {
  url: string;
  console: Console;
  /** The NATS server of this console alone. */
  nats: TestNats;
  users: UserStore;
  clickhouse: TestClickHouse;
  /** Signs in and returns the value of the Cookie header. */
  signIn(email: string, password: string): Promise<string>;
  close(): Promise<void>;
}

export const smallEstate = estate.parse({
  version: 1,
  name: 'Test estate',
  simulated: true,
  reporting_currency: 'USD',
  rates: { USD: '1' },
  systems: [
    { id: 'shop', name: 'Shop', role: 'channel', kind: 'shopify', base_url: 'http://127.0.0.1' },
    { id: 'erp', name: 'ERP', role: 'erp', kind: 'netsuite', base_url: 'http://127.0.0.1' },
    { id: 'wms', name: 'WMS', role: 'wms', kind: 'rest-wms', base_url: 'http://127.0.0.1' },
  ],
  channels: [
    {
      id: 'web',
      name: 'Web',
      system: 'shop',
      payment: 'shop',
      region: 'us',
      brand: 'brand',
      legal_entity: 'us',
      currency: 'USD',
      locations: ['dc'],
    },
  ],
  locations: [{ id: 'dc', name: 'DC', kind: 'distribution_centre', wms: 'wms', region: 'us', legal_entity: 'us' }],
  legal_entities: [{ id: 'us', name: 'US', country_code: 'US', currency: 'USD', erp: 'erp', erp_subsidiary: '1' }],
  sla: Object.fromEntries(
    ['express', 'standard', 'economy'].map((tier) => [
      tier,
      { acknowledge_s: 60, erp_s: 300, release_s: 900, ship_s: 86_400 },
    ]),
  ),
});

/** The console on a free port over real NATS and ClickHouse, serving the console's own route modules. */
export async function startConsole(
  options: { publicOrigin?: string; estate?: Estate; now?: () => Date } = {},
): Promise<TestConsole> {
  const nats = await startNats();
  const clickhouse = await startClickHouse({ readers: 2 });
  const nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  const users = await openUsers(nc);
  const console = await createConsole({
    nats: nc,
    clickhouse: clickhouse.clickhouse,
    estate: smallEstate,
    log: silentLog,
    metrics: createMetrics('console', { defaults: false }),
    bundle: await consoleBundle(),
    ...options,
  });
  const url = `http://127.0.0.1:${await console.listen(0)}`;
  return {
    url,
    console,
    nats,
    users,
    clickhouse,
    async signIn(email, password) {
      const response = await fetch(`${url}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ email, password }),
      });
      return response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
    },
    async close() {
      await console.close();
      await nc.close();
      await clickhouse.close();
      await nats.close();
    },
  };
}

/** What a built console hands to its server. */
export const consoleBundle = async (): Promise<Bundle> => ({ build: await consoleRoutes(), assets: 'public' });

/** The route modules the way a build would hand them to the server, without bundling the browser's part. */
export async function consoleRoutes(): Promise<ServerBuild> {
  const modules = {
    root: { path: '', module: await import('#app/root.tsx') },
    'routes/sign-in': { path: 'sign-in', module: await import('#app/routes/sign-in.tsx') },
    'routes/sign-out': { path: 'sign-out', module: await import('#app/routes/sign-out.tsx') },
    'routes/search': { path: 'search', module: await import('#app/routes/search.ts') },
    'routes/views': { path: 'views', module: await import('#app/routes/views.ts') },
    'routes/presence': {
      path: 'quarantine/:caseId/presence',
      module: await import('#app/routes/quarantine.$caseId.presence.ts'),
    },
    'routes/_console': { path: undefined, module: await import('#app/routes/_console.tsx') },
    'routes/_console._index': { path: undefined, index: true, module: await import('#app/routes/_console._index.tsx') },
    'routes/_console.account': { path: 'account', module: await import('#app/routes/_console.account.tsx') },
    'routes/_console.orders._index': {
      path: 'orders',
      module: await import('#app/routes/_console.orders._index.tsx'),
    },
    'routes/_console.orders.$key': {
      path: 'orders/:key',
      module: await import('#app/routes/_console.orders.$key.tsx'),
    },
    'routes/_console.inventory._index': {
      path: 'inventory',
      module: await import('#app/routes/_console.inventory._index.tsx'),
    },
    'routes/_console.inventory.$sku': {
      path: 'inventory/:sku',
      module: await import('#app/routes/_console.inventory.$sku.tsx'),
    },
    'routes/_console.stock-changes._index': {
      path: 'stock-changes',
      module: await import('#app/routes/_console.stock-changes._index.tsx'),
    },
    'routes/inventory.export': {
      path: 'inventory/export.csv',
      module: await import('#app/routes/inventory.export[.]csv.ts'),
    },
    'routes/stock-changes.export': {
      path: 'stock-changes/export.csv',
      module: await import('#app/routes/stock-changes.export[.]csv.ts'),
    },
    'routes/transactions.export': {
      path: 'transactions/export.csv',
      module: await import('#app/routes/transactions.export[.]csv.ts'),
    },
    'routes/_console.transactions._index': {
      path: 'transactions',
      module: await import('#app/routes/_console.transactions._index.tsx'),
    },
    'routes/_console.transactions.$flow.$key': {
      path: 'transactions/:flow/:key',
      module: await import('#app/routes/_console.transactions.$flow.$key.tsx'),
    },
    'routes/returns.export': {
      path: 'returns/export.csv',
      module: await import('#app/routes/returns.export[.]csv.ts'),
    },
    'routes/_console.returns._index': {
      path: 'returns',
      module: await import('#app/routes/_console.returns._index.tsx'),
    },
    'routes/_console.quarantine._index': {
      path: 'quarantine',
      module: await import('#app/routes/_console.quarantine._index.tsx'),
    },
    'routes/_console.stores._index': {
      path: 'stores',
      module: await import('#app/routes/_console.stores._index.tsx'),
    },
    'routes/_console.query._index': {
      path: 'query',
      module: await import('#app/routes/_console.query._index.tsx'),
      parentId: 'routes/_console',
    },
    'routes/query.run': { path: 'query/run', module: await import('#app/routes/query.run.ts') },
    'routes/query.saved': { path: 'query/saved', module: await import('#app/routes/query.saved.ts') },
    'routes/postings.export': {
      path: 'postings/export.csv',
      module: await import('#app/routes/postings.export[.]csv.ts'),
    },
    'routes/rejected.export': {
      path: 'rejected/export.csv',
      module: await import('#app/routes/rejected.export[.]csv.ts'),
    },
    'routes/_console.rejected._index': {
      path: 'rejected',
      module: await import('#app/routes/_console.rejected._index.tsx'),
    },
    'routes/_console.rejected.$id': {
      path: 'rejected/:id',
      module: await import('#app/routes/_console.rejected.$id.tsx'),
    },
    'routes/_console.postings._index': {
      path: 'postings',
      module: await import('#app/routes/_console.postings._index.tsx'),
    },
    'routes/reconciliation.export': {
      path: 'reconciliation/export.csv',
      module: await import('#app/routes/reconciliation.export[.]csv.ts'),
    },
    'routes/reconciliation.fetch': {
      path: 'reconciliation/fetch',
      module: await import('#app/routes/reconciliation.fetch.ts'),
    },
    'routes/_console.reconciliation._index': {
      path: 'reconciliation',
      module: await import('#app/routes/_console.reconciliation._index.tsx'),
    },
    'routes/_console.reconciliation.runs.$run': {
      path: 'reconciliation/runs/:run',
      module: await import('#app/routes/_console.reconciliation.runs.$run.tsx'),
    },
    'routes/_console.reconciliation.breaks.$break': {
      path: 'reconciliation/breaks/:break',
      module: await import('#app/routes/_console.reconciliation.breaks.$break.tsx'),
    },
    'routes/_console.stores.$store': {
      path: 'stores/:store',
      module: await import('#app/routes/_console.stores.$store.tsx'),
    },
    'routes/_console.going-live._index': {
      path: 'going-live',
      module: await import('#app/routes/_console.going-live._index.tsx'),
    },
    'routes/_console.going-live.$id': {
      path: 'going-live/:id',
      module: await import('#app/routes/_console.going-live.$id.tsx'),
    },
    'routes/_console.rates._index': {
      path: 'rates',
      module: await import('#app/routes/_console.rates._index.tsx'),
    },
    'routes/rates.export': { path: 'rates/export.csv', module: await import('#app/routes/rates.export[.]csv.ts') },
    'routes/_console.connectors._index': {
      path: 'connectors',
      module: await import('#app/routes/_console.connectors._index.tsx'),
    },
    'routes/_console.connectors.$id': {
      path: 'connectors/:id',
      module: await import('#app/routes/_console.connectors.$id.tsx'),
    },
    'routes/incidents.open': { path: 'incidents/open', module: await import('#app/routes/incidents.open.ts') },
    'routes/incidents.export': {
      path: 'incidents/export.csv',
      module: await import('#app/routes/incidents.export[.]csv.ts'),
    },
    'routes/_console.incidents._index': {
      path: 'incidents',
      module: await import('#app/routes/_console.incidents._index.tsx'),
    },
    'routes/_console.incidents.new': {
      path: 'incidents/new',
      module: await import('#app/routes/_console.incidents.new.tsx'),
    },
    'routes/_console.incidents.$id': {
      path: 'incidents/:id',
      module: await import('#app/routes/_console.incidents.$id.tsx'),
    },
    'routes/stores.export': {
      path: 'stores/export.csv',
      module: await import('#app/routes/stores.export[.]csv.ts'),
    },
    'routes/connectors.export': {
      path: 'connectors/export.csv',
      module: await import('#app/routes/connectors.export[.]csv.ts'),
    },
    'routes/webhooks.export': {
      path: 'webhooks/export.csv',
      module: await import('#app/routes/webhooks.export[.]csv.ts'),
    },
    'routes/webhooks.deliveries': {
      path: 'webhooks/:id/deliveries.csv',
      module: await import('#app/routes/webhooks.$id.deliveries[.]csv.ts'),
    },
    'routes/_console.webhooks._index': {
      path: 'webhooks',
      module: await import('#app/routes/_console.webhooks._index.tsx'),
    },
    'routes/_console.webhooks.$id': {
      path: 'webhooks/:id',
      module: await import('#app/routes/_console.webhooks.$id.tsx'),
    },
  };
  const entries = Object.entries(modules).map(([id, route]) => ({
    id,
    index: 'index' in route ? true : undefined,
    path: route.path,
    parentId: id === 'root' ? undefined : id.startsWith('routes/_console.') ? 'routes/_console' : 'root',
    module: route.module,
  }));
  const manifest = entries.map(({ module, ...route }) => ({
    ...route,
    module: `/assets/${route.id}.js`,
    hasAction: 'action' in module,
    hasLoader: 'loader' in module,
    hasClientAction: false,
    hasClientLoader: false,
    hasErrorBoundary: 'ErrorBoundary' in module,
  }));
  return {
    mode: 'production',
    entry: { module: await import('#app/entry.server.tsx') },
    routes: Object.fromEntries(entries.map((route) => [route.id, route])) as unknown as ServerBuild['routes'],
    assets: {
      entry: { module: '/assets/entry.js', imports: [] },
      routes: Object.fromEntries(
        manifest.map((route) => [route.id, route]),
      ) as unknown as ServerBuild['assets']['routes'],
      url: '/assets/manifest.js',
      version: 'test',
    },
    publicPath: '/',
    assetsBuildDirectory: 'public',
    basename: '/',
    isSpaMode: false,
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_singleFetch: true,
      v3_lazyRouteDiscovery: true,
    },
  };
}
