import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { banner, end, raise } from './support/incident.ts';
import { calm, signIn, stack, trade } from './support/journey.ts';
import { auditScreen, desk, watchTroubles } from './support/screen.ts';

/** How to come to a screen from nowhere. */
type Way = string | ((page: Page) => Promise<void>);

const at = (page: Page, path: string) => page.goto(`${stack.console}${path}`);

/** The first page that a list leads to at such an address. */
const firstOf = (list: string, address: RegExp) => async (page: Page) => {
  await at(page, list);
  const links = page.locator('main a:not([download])');
  await expect(async () => {
    const found = await links.evaluateAll(
      (all, source) => all.map((one) => one.getAttribute('href')).find((to) => new RegExp(source).test(to ?? '')),
      address.source,
    );
    expect(found, `a link to ${address.source} in ${list}`).toBeDefined();
    await at(page, found ?? '');
  }).toPass({ timeout: 60_000 });
};

/** A page, then something opened on it. */
const opened = (path: string, open: (page: Page) => Promise<void>) => async (page: Page) => {
  await at(page, path);
  await expect(page.locator('h1')).toBeVisible();
  await open(page);
};

const row = (page: Page, table: string) => page.getByRole('table', { name: table }).locator('tbody tr').first();

const screens: Record<string, Way> = {
  Live: '/',
  'Live, as tables': opened('/', async (page) => {
    await page.getByRole('button', { name: 'Table' }).first().click();
  }),
  'the wallboard': '/?wall=1',
  Orders: '/orders?range=24h',
  'an order': firstOf('/orders?problem=case', /^\/orders\/[^/]+$/),
  'an order that was settled': firstOf('/orders?lifecycle=financially_settled', /^\/orders\/[^/]+$/),
  'an order’s side panel': opened('/orders?range=24h', async (page) => {
    await row(page, 'Orders').locator('td').nth(2).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  }),
  Returns: '/returns',
  Transactions: '/transactions?range=1h',
  'latencies of transactions': '/transactions?range=1h&show=latency',
  'what transactions have in common': '/transactions?range=1h&show=common',
  'the funnel of transactions': '/transactions?range=1h&show=funnel',
  'transactions compared': '/transactions?range=1h&show=compare&compare=before',
  'a transaction': firstOf('/transactions?flow=inventory_sync&range=24h', /^\/transactions\/inventory_sync\//),
  Stores: '/stores',
  'a store': firstOf('/stores', /^\/stores\/[^/?]+$/),
  Quarantine: '/quarantine',
  'cases by cause': '/quarantine?by=cause',
  'a case': firstOf('/quarantine', /^\/quarantine\/[0-9a-f]{16,}/),
  'a cause': firstOf('/quarantine?by=cause', /^\/quarantine\/causes\//),
  'repair runs': '/quarantine/repairs',
  'repair rules': '/quarantine/rules',
  'a new rule': '/quarantine/rules/new',
  'shadow replays': '/quarantine/shadow',
  Runbooks: '/runbooks',
  'a runbook': firstOf('/runbooks', /^\/runbooks\//),
  Postings: '/postings?range=1h',
  'Rejected events': '/rejected?range=24h',
  'Inventory by place': '/inventory',
  'Inventory over time': '/inventory?map=latency&range=1h',
  'a SKU': firstOf('/inventory', /^\/inventory\/[^/]+$/),
  'stock changes': '/stock-changes?range=1h',
  Reconciliation: '/reconciliation',
  'a reconciliation run': firstOf('/reconciliation', /\/runs\//),
  'a break': firstOf('/reconciliation', /\/breaks\//),
  Rates: '/rates',
  'a rate to be set': opened('/rates', async (page) => {
    await page.getByRole('button', { name: 'Set a rate' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  }),
  Connectors: '/connectors',
  'early warnings': '/connectors#warnings',
  'a connector': '/connectors/netsuite',
  Incidents: '/incidents',
  'an incident raised': '/incidents/new?link=connector:netsuite',
  'Going live': '/going-live',
  'a system’s way to going live': '/going-live/netsuite',
  Webhooks: '/webhooks',
  Query: opened('/query', async (page) => {
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(page.getByRole('region', { name: 'Result' }).locator('table')).toBeVisible();
  }),
  'the account': '/account',
  'the palette': opened('/connectors', async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('con');
    await expect(page.getByRole('option', { name: 'Connectors' })).toBeVisible();
  }),
  'the shortcuts': opened('/connectors', async (page) => {
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
  }),
  'a page that is not there': '/nothing-here',
};

test.describe('every screen, in both themes and at three widths, keeps to WCAG 2.2 AA and overflows nowhere', () => {
  let context: BrowserContext;
  let page: Page;
  let troubles: string[];
  test.beforeAll(async ({ browser }) => {
    test.setTimeout(300_000);
    await trade();
    context = await browser.newContext({ viewport: desk, reducedMotion: 'reduce' });
    page = await context.newPage();
    await at(page, '/sign-in');
    await auditScreen(page);
    await signIn(page, 'administrator', '/');
    troubles = watchTroubles(page);
  });
  test.afterAll(async () => {
    await context.close();
    await calm();
  });

  for (const [name, way] of Object.entries(screens))
    test(name, async () => {
      troubles.length = 0;
      if (typeof way === 'string') await at(page, way);
      else await way(page);
      await expect(page.locator('main .skeleton')).toHaveCount(0);
      await auditScreen(page);
      expect(troubles.filter((trouble) => !trouble.includes('nothing-here'))).toEqual([]);
    });

  test('an incident with its banner, the form that ends it, and its end', async () => {
    troubles.length = 0;
    await at(page, '/incidents/new?link=connector:netsuite');
    await raise(page, 'NetSuite is away: no order is confirmed', 'critical');
    await expect(banner(page)).toContainText('critical');
    await auditScreen(page);
    await page.getByRole('button', { name: 'End it' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await auditScreen(page);
    await page.keyboard.press('Escape');
    await end(page, 'Its owner brought it back.');
    await auditScreen(page);
    expect(troubles).toEqual([]);
  });
});
