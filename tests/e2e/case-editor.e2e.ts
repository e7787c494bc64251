import { expect, test, type Page } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { correctValue, openCase, placeOrder, signIn } from './support/journey.ts';

const mapped = mappedTaxes[0]?.title ?? '';

/** What is offered now; while something is typed, what was offered before it is shown but cannot be taken. */
const offers = (page: Page) =>
  page.locator('.cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)').getByRole('option');
const problems = (page: Page) => page.getByRole('region', { name: 'Payload' }).getByRole('status');

test('a wrong code is replaced by one that is mapped, by keyboard alone, without losing the page’s own keys', async ({
  page,
}) => {
  await placeOrder({ id: 6301, taxTitle: 'Levy 6301' });
  await signIn(page, 'support', '/quarantine');
  await openCase(page, '#6301');
  const editor = page.locator('.cm-content').first();
  await page.keyboard.press('m');
  await expect(editor).toBeFocused();
  await page.keyboard.press('Control+Space');
  await expect(offers(page).first()).toBeVisible();
  await expect(offers(page).first()).toContainText('→');

  await page.keyboard.press('Escape');
  await expect(offers(page)).toHaveCount(0);
  await expect(editor).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor).not.toBeFocused();
  await page.keyboard.press('c');
  await expect(page.getByLabel('Comment')).toBeFocused();
  await page.keyboard.press('Escape');

  await page.keyboard.press('m');
  await page.keyboard.press('Control+Space');
  await expect(offers(page).first()).toBeVisible();
  await page.keyboard.type(mapped);
  await expect(offers(page)).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-activeLine').first()).toHaveText(`"title": "${mapped}",`);
});

test('a field that the engine needs is told while one types, and offered where it is missing', async ({ page }) => {
  await placeOrder({ id: 6302, taxTitle: 'Levy 6302' });
  await signIn(page, 'support', '/quarantine');
  await openCase(page, '#6302');
  await correctValue(page, '"currency": "USD",', '');
  await expect(problems(page)).toContainText(
    'currency is missing. Text in double quotes or a number is expected here.',
  );

  await page.locator('.cm-content').first().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('"c');
  await expect(offers(page).first()).toHaveText(/currency\s*required, text/);
  await page.keyboard.press('Enter');
  await page.keyboard.type('USD');
  await expect(page.locator('.cm-activeLine').first()).toHaveText('"currency": "USD",');
  await expect(problems(page)).not.toContainText('currency is missing');
});

test('on a phone the field that is wrong comes into view, wherever the page stands', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await placeOrder({ id: 6303, taxTitle: 'Levy 6303' });
  await signIn(page, 'support', '/quarantine');
  await openCase(page, '#6303');
  await page.getByRole('button', { name: 'Show it in the payload' }).click();
  await expect(page.locator('.cm-lintRange-error', { hasText: 'Levy 6303' })).toBeInViewport();
  await expect(page.locator('.cm-activeLine').first()).toContainText('Levy 6303');
});

test('a comment on many cases mentions a colleague, and a repair of a cause offers the codes that are known', async ({
  page,
}) => {
  const taxTitle = 'Levy 6310';
  await Promise.all([6310, 6311].map((id) => placeOrder({ id, taxTitle })));
  await signIn(page, 'support', '/quarantine');
  for (const number of ['#6310', '#6311'])
    await page.getByRole('row').filter({ hasText: number }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Comment' }).click();
  const dialog = page.getByRole('dialog');
  const comment = dialog.getByLabel('Comment');
  await expect(comment).toBeFocused();
  await page.keyboard.type('Is this one yours, @fin');
  await expect(dialog.getByRole('option', { name: 'finance@syncline.example' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog.getByRole('option')).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await page.keyboard.type('a');
  await page.keyboard.press('Enter');
  await expect(comment).toHaveValue('Is this one yours, @finance@syncline.example ');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await expect(page.getByText('2 cases commented on.')).toBeVisible();

  await openCase(page, '#6310');
  await expect(page.getByRole('region', { name: 'History' })).toContainText('finance@syncline.example');
  await page.getByRole('link', { name: 'About this cause' }).click();
  await page.getByRole('link', { name: 'Repair all' }).click();
  await page.getByText('Add a mapping').click();
  const target = page.getByLabel('Becomes');
  await expect(target).toHaveAttribute('placeholder', /^for example /);
  const list = await target.getAttribute('list');
  await expect(page.locator(`datalist[id="${list}"] option[value="NY-STATE"]`)).toHaveCount(1);
});
