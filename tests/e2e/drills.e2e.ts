import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { formatRate } from '#app/format.ts';
import { calm, signIn, stack, trade } from './support/journey.ts';

const hour = 'range=1h';
const at = async (page: Page, path: string) => {
  await page.goto(`${stack.console}${path}`);
  await expect(page.locator('h1')).toBeVisible();
  await expect(page.locator('main .skeleton')).toHaveCount(0);
};
const numberIn = (text: string | null | undefined): number => Number((text ?? '').replaceAll(/[^\d]/g, ''));

/** What a list says that it has in all. */
async function totalOf(page: Page): Promise<number> {
  const words = await page.getByRole('navigation', { name: 'Pages' }).innerText({ timeout: 5_000 });
  return numberIn(/\bof ([\d, ]+)/.exec(words)?.[1] ?? '0');
}

/** A figure as a person reads it: how to find it, and what it says. */
interface Figure {
  /** The page it stands on. */
  on: string;
  /** What is clicked. */
  press: (page: Page) => Locator;
  /** How many it says there are. */
  says: (pressed: Locator) => Promise<number>;
  /** How many there are on the page that it leads to. */
  shows?: (page: Page) => Promise<number>;
}

const beside = (words: RegExp) => async (tile: Locator) => {
  const found = words.exec(await tile.innerText());
  return numberIn(found?.[1] ?? '0');
};
const tile = (id: string) => (page: Page) => page.getByTestId(`tile-${id}`);
/** Links whose name begins with how many there are. */
const counting = (words: RegExp) => (page: Page) => page.getByRole('main').getByRole('link', { name: words }).first();
const inName = async (link: Locator) => numberIn(/^[\d, ]+/.exec((await link.getAttribute('aria-label')) ?? '')?.[0]);

const figures: Record<string, Figure> = {
  'orders of Live': { on: `/?${hour}`, press: tile('orders'), says: beside(/^([\d, ]+) orders?$/m) },
  'late orders of Live': { on: `/?${hour}`, press: tile('latency'), says: beside(/([\d, ]+) late$/m) },
  'failed postings of Live': {
    on: `/?${hour}`,
    press: tile('postings'),
    says: beside(/^([\d, ]+) of [\d, ]+ failed$/m),
  },
  'stale items of Live': { on: `/?${hour}`, press: tile('freshness'), says: beside(/^([\d, ]+) stale$/m) },
  'open cases of Live': { on: `/?${hour}`, press: tile('cases'), says: beside(/^([\d, ]+)\s+cases?$/m) },
  'the backlog of Live': {
    on: `/?${hour}`,
    press: tile('backlog'),
    says: async (pressed) => numberIn(await pressed.locator('.text-figure').innerText()),
    shows: async (page) => {
      const backlogs = page.getByRole('table', { name: 'Backlog by connector' }).locator('tbody td:nth-child(6)');
      return (await backlogs.allInnerTexts()).reduce((sum, text) => sum + numberIn(text), 0);
    },
  },
  'stores that transmit': {
    on: `/?${hour}`,
    press: (page) => page.getByRole('region', { name: 'Stores transmitting' }).getByRole('link').first(),
    says: inName,
    // Of a long list only what can be seen is drawn.
    shows: async (page) => numberIn(await page.getByRole('table', { name: 'Stores' }).getAttribute('aria-rowcount')),
  },
  'postings of a kind into books': { on: `/postings?${hour}`, press: counting(/^[\d, ]+ posted: /), says: inName },
  'open cases of a cause': {
    on: `/?${hour}`,
    press: (page) =>
      page
        .getByRole('region', { name: 'New failures' })
        .getByRole('link', { name: /\d+ open/ })
        .first(),
    says: beside(/^([\d, ]+) open$/m),
  },
  'stock published at a place within a time': {
    on: `/inventory?map=latency&${hour}`,
    press: counting(/^[\d, ]+ publications: /),
    says: inName,
  },
  'stock at a place': { on: '/inventory', press: counting(/^[\d, ]+ (items|stale): /), says: inName },
  'transactions that came past a step': {
    on: `/transactions?${hour}&show=funnel`,
    press: counting(/^[\d, ]+ completed: /),
    says: inName,
  },
  'transactions that a step stopped': {
    on: `/transactions?range=24h&show=funnel`,
    press: counting(/^[\d, ]+ stopped there: /),
    says: inName,
  },
};

test.describe('a figure leads to a list of just as many', () => {
  let context: BrowserContext;
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    test.setTimeout(300_000);
    await trade();
    context = await browser.newContext();
    page = await context.newPage();
    await signIn(page, 'administrator', '/account');
  });
  test.afterAll(async () => {
    await context.close();
    await calm();
  });

  for (const [name, { on, press, says, shows = totalOf }] of Object.entries(figures))
    test(name, async () => {
      // Trade goes on: a figure that has moved on between the click and the list is read again.
      await expect(async () => {
        await at(page, on);
        const pressed = press(page);
        const said = await says(pressed);
        await pressed.click();
        await page.waitForURL((url) => !url.href.endsWith(on));
        await expect.poll(() => shows(page), { message: page.url(), timeout: 8_000 }).toBe(said);
      }).toPass({ timeout: 60_000 });
    });

  test('a channel of the landscape leads to its orders', async () => {
    await expect(async () => {
      await at(page, `/?${hour}`);
      const landscape = page.getByRole('region', { name: 'Landscape' });
      await landscape.getByRole('button', { name: 'Table' }).click();
      const channel = landscape.locator('tbody tr:has(a[href^="/orders?"])').first();
      const rate = await channel.locator('td').nth(2).innerText();
      await channel.getByRole('link').click();
      await expect(page.getByRole('table', { name: 'Orders' })).toBeVisible();
      await expect.poll(async () => formatRate((await totalOf(page)) / 60), { timeout: 8_000 }).toBe(rate);
    }).toPass({ timeout: 60_000 });
  });

  test('a row of the stores leads to the store whose figures it has', async () => {
    await expect(async () => {
      await at(page, '/stores');
      const row = page
        .getByRole('table', { name: 'Stores' })
        .locator('tbody tr')
        .filter({ hasText: /\d{4}-\d\d-\d\d/ });
      const cells = await row.first().locator('td').allInnerTexts();
      await row.first().locator('td').nth(1).click();
      await expect(page.getByRole('heading', { level: 1, name: cells[0] ?? '' })).toBeVisible();
      const [date = '', takings = '', number = ''] = [cells[6], cells[7], cells[3]];
      const day = page.getByRole('table', { name: 'Days' }).locator('tbody tr').filter({ hasText: date });
      expect(await day.locator('td').nth(2).innerText()).toBe(takings);
      const newest = page.getByRole('table', { name: 'Batches' }).locator('tbody tr').first();
      expect(await newest.locator('td').first().innerText()).toBe(number);
    }).toPass({ timeout: 60_000 });
  });
});
