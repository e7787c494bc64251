import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { calm, signIn, stack, trade } from './support/journey.ts';
import { desk } from './support/screen.ts';

/** A place with figures that lead to what they count. */
interface Drill {
  from: string;
  /** The links; the first few are followed. */
  links: (page: Page) => Locator;
  /** The words in which a link says its figure: its name, unless told. */
  said?: (link: Locator) => Promise<string>;
  /** Name of the list it leads to. */
  list: string;
}

const followed = 4;
const name = async (link: Locator) => (await link.getAttribute('aria-label')) ?? (await link.innerText());
/** The last line of a tile says how many there are. */
const lastLine = async (link: Locator) => (await link.innerText()).trim().split('\n').at(-1) ?? '';
const countedIn = (table: string | RegExp) => (page: Page) =>
  page.getByRole('table', { name: table }).locator('tbody a[aria-label]');
const tile = (id: string) => (page: Page) => page.getByTestId(`tile-${id}`);

const drills: Record<string, Drill> = {
  'failed postings on Live': { from: '/', links: tile('postings'), said: lastLine, list: 'Postings' },
  'open cases on Live': {
    from: '/',
    links: tile('cases'),
    list: 'Cases',
    said: async (link) => (await link.innerText()).split('\n')[1] ?? '',
  },
  'a new failure on Live': {
    from: '/',
    links: (page) => page.getByRole('region', { name: 'New failures' }).getByRole('link'),
    said: async (link) => /[\d,]+ open/.exec(await link.innerText())?.[0] ?? '',
    list: 'Cases',
  },
  'counts of postings': {
    from: '/postings?range=1h',
    links: countedIn('Postings by document, system and legal entity'),
    list: 'Postings',
  },
  'causes of failed postings': {
    from: '/postings?range=1h',
    links: countedIn('Causes of failed postings'),
    list: 'Postings',
  },
  'freshness by place': { from: '/inventory', links: countedIn('Freshness by location and channel'), list: 'Items' },
  'latency by place and time': {
    from: '/inventory?map=latency&range=1h',
    links: countedIn(/^Publication latency/),
    list: 'Stock changes',
  },
  'steps of a funnel': {
    from: '/transactions?range=1h&show=funnel',
    links: countedIn(/^Steps of/),
    list: 'Transactions',
  },
  'values of a facet': {
    from: '/transactions?range=1h',
    links: (page) => page.getByRole('complementary', { name: 'Filters' }).locator('li a:first-child'),
    said: lastLine,
    list: 'Transactions',
  },
};

const figureIn = (words: string): number => Number((/\d[\d,]*/.exec(words)?.[0] ?? 'NaN').replaceAll(',', ''));

test.describe('a figure leads to a list of just as many:', () => {
  let context: BrowserContext;
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    test.setTimeout(300_000);
    await trade();
    context = await browser.newContext({ viewport: desk });
    page = await context.newPage();
    await signIn(page, 'administrator', '/');
  });
  test.afterAll(async () => {
    await context.close();
    await calm();
  });

  for (const [what, { from, links, said = name, list }] of Object.entries(drills))
    test(what, async () => {
      await page.goto(`${stack.console}${from}`);
      await expect(links(page).first()).toBeVisible();
      const count = Math.min(followed, await links(page).count());
      for (let index = 0; index < count; index++) {
        if (index > 0) await page.goto(`${stack.console}${from}`);
        const link = links(page).nth(index);
        const words = await said(link);
        const to = new URL((await link.getAttribute('href')) ?? '', page.url()).href;
        await link.click();
        await expect(page).toHaveURL(to);
        await expect(page.getByRole('table', { name: list, exact: true }), words).toHaveAttribute(
          'aria-rowcount',
          String(figureIn(words)),
        );
      }
    });
});
