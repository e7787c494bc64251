import { expect, test, type Page } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { correctValue, openCase, placeOrder, signIn } from './support/journey.ts';

const mapped = mappedTaxes[0]?.title ?? '';

/** Presses keys and counts them. */
function keyboardOf(page: Page) {
  let pressed = 0;
  return {
    press: async (key: string) => {
      pressed += 1;
      await page.keyboard.press(key);
    },
    pressed: () => pressed,
  };
}

test('a case whose cause was cured before is fixed from the inbox in fewer than twelve key actions', async ({
  page,
}) => {
  const taxTitle = 'Levy 6201';
  await placeOrder({ id: 6201, taxTitle });
  await signIn(page, 'support', '/quarantine');
  await openCase(page, '#6201');
  await correctValue(page, `"${taxTitle}"`, `"${mapped}"`);
  await page.getByRole('button', { name: 'Save and replay' }).click();
  await expect(page.locator('main')).toContainText('Resolved: the order got past', { timeout: 30_000 });

  await placeOrder({ id: 6202, taxTitle });
  await page.goto(page.url().replace(/\/quarantine\/.*/, '/quarantine'));
  await expect(page.getByText('#6202').first()).toBeVisible();

  const keys = keyboardOf(page);
  const current = page.locator('tr.bg-accent-soft', { hasText: '#6202' });
  const rows = await page.getByRole('table', { name: 'Cases' }).locator('tbody tr').count();
  for (let i = 0; i < rows && (await current.count()) === 0; i++) await keys.press('j');
  await expect(current).toBeVisible();
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: 'Case of #6202' })).toBeVisible();
  const suggested = page.getByRole('region', { name: 'Suggested change' });
  await expect(suggested).toContainText(`replace “${taxTitle}” with “${mapped}”`);

  await keys.press('m');
  await expect(page.locator('.cm-focused')).toBeVisible();
  await keys.press('Escape');
  await keys.press('s');
  await expect(suggested).toContainText('In your text');
  await expect(page.getByText('No problem found in what you edited')).toBeVisible();
  await keys.press('d');
  await expect(page.getByRole('list', { name: 'Steps of the dry run' })).toContainText(/Checked.*passes/);
  await keys.press('r');
  await expect(page.locator('main')).toContainText('Resolved: the order got past', { timeout: 30_000 });
  expect(keys.pressed()).toBeLessThan(12);

  await keys.press('?');
  await expect(page.getByRole('dialog')).toContainText('take the suggested repair');
});
