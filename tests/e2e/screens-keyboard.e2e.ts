import { expect, test, type Locator, type Page } from '@playwright/test';
import { placeOrder, signIn, stack } from './support/journey.ts';

const orders = '/orders?range=24h';
const table = (page: Page) => page.getByRole('table', { name: 'Orders' });
const current = (page: Page) => table(page).locator('tbody tr.bg-accent-soft');
const search = (page: Page) => page.getByRole('button', { name: 'Search', includeHidden: true });
/** What is hidden from screen readers while a dialog is open is still on the page. */
const place = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Places', includeHidden: true })
    .getByRole('link', { name, includeHidden: true })
    .first();

/** Opens something by `key` from where focus is, closes it by Esc, and asks for focus where it was. */
async function opensAndGivesBack(page: Page, from: Locator, key: string): Promise<void> {
  await from.focus();
  await page.keyboard.press(key);
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(from).not.toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(from).toBeFocused();
}

/** What has focus: its name, and whether a person sees that it has. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || active === document.body) return undefined;
    const { outlineStyle, outlineWidth } = getComputedStyle(active);
    const { width, height } = active.getBoundingClientRect();
    const name = `${active.tagName} ${active.getAttribute('aria-label') ?? active.textContent.trim()}`;
    return { name, seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && width > 0 && height > 0 };
  });

test.describe('by keyboard alone', () => {
  test.beforeAll(async () => {
    // Their tax is mapped to nothing, so that both stay where they are.
    for (const id of [6_351, 6_352]) await placeOrder({ id, taxTitle: 'Levy 6351' });
  });
  test.beforeEach(async ({ page }) => {
    await signIn(page, 'administrator', orders);
    for (const number of ['#6351', '#6352']) await expect(table(page).getByText(number)).toBeVisible();
  });

  test('what Esc closes gives focus back to what had it', async ({ page }) => {
    const link = place(page, 'Connectors');
    await opensAndGivesBack(page, link, 'Control+k');
    await opensAndGivesBack(page, link, '?');
    await opensAndGivesBack(page, search(page), 'Enter');
    await page.goto(`${stack.console}/connectors/netsuite`);
    await opensAndGivesBack(
      page,
      page.getByRole('button', { name: 'Pause', exact: true, includeHidden: true }),
      'Enter',
    );
  });

  test('what an item of a menu opened gives focus back to the menu’s button', async ({ page }) => {
    const menu = page.getByRole('button', { name: /^Account of/ });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toBeFocused();
  });

  test('a panel beside a list gives focus back where it had it, and leaves it where somebody went meanwhile', async ({
    page,
  }) => {
    const list = page.getByRole('group', { name: 'Orders' });
    const first = table(page).locator('tbody tr').first();
    const close = page.getByRole('dialog').getByRole('button', { name: 'Close' });
    // Of the cells a plain one and one with a time, which takes focus by a click and says more on it.
    for (const target of [first.locator('td').nth(2), first.locator('time').first()]) {
      await target.click();
      await close.press('Enter');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(list).toBeFocused();
      await expect(page.getByRole('tooltip')).toHaveCount(0);
    }
    await first.locator('td').nth(2).click();
    await expect(close).toBeVisible();
    await search(page).focus();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(search(page)).toBeFocused();
    await expect(page.getByRole('tooltip')).toHaveCount(0);
  });

  test('a list is reached by Tab and walked by J and K, and Enter opens the row', async ({ page }) => {
    const list = page.getByRole('group', { name: 'Orders' });
    for (let i = 0; i < 80 && !(await list.evaluate((one) => one === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    await expect(list).toBeFocused();
    const rows = table(page).locator('tbody tr');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect(current(page)).toHaveAttribute('data-index', '1');
    await page.keyboard.press('k');
    await expect(current(page)).toHaveAttribute('data-index', '0');
    await expect(current(page)).toHaveCSS('outline-style', 'solid');
    const number = await rows.first().getByRole('link').first().innerText();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(number);
  });

  test('whatever Tab comes to shows that it has focus', async ({ page }) => {
    const unseen: string[] = [];
    let stops = 0;
    for (; stops < 60; stops++) {
      await page.keyboard.press('Tab');
      const at = await focused(page);
      if (at === undefined) break;
      if (!at.seen) unseen.push(at.name);
    }
    expect(stops).toBeGreaterThan(20);
    expect(unseen).toEqual([]);
  });
});
