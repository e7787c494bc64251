import { expect, test, type Page } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { correctValue, editOrder, openCase, placeOrder, signIn } from './support/journey.ts';

const mapped = mappedTaxes[0]?.title ?? '';
const note = 'Ring twice, please';

/** Corrects an order that the shop has changed meanwhile. @returns the dialog with which its replay is refused */
async function replayOlderVersion(page: Page, id: number) {
  const order = { id, taxTitle: `Levy ${id}` };
  await placeOrder(order);
  await signIn(page, 'support', '/quarantine');
  await openCase(page, `#${id}`);
  await editOrder({ ...order, note });
  await correctValue(page, `"${order.taxTitle}"`, `"${mapped}"`);
  await page.getByRole('button', { name: 'Save and replay' }).click();
  const refusal = page.getByRole('dialog', { name: 'A newer version is known' });
  await expect(refusal).toContainText('Shopify US has a newer version of this order, which differs at “note”');
  return refusal;
}

test.describe('an order that its channel changed while somebody corrected it', () => {
  test('goes on with the channel’s version, taken over and corrected', async ({ page }) => {
    const refusal = await replayOlderVersion(page, 6501);
    await refusal.getByRole('button', { name: 'Take the channel’s newest version' }).click();
    await expect(refusal).toHaveCount(0);
    await expect(page.getByText('This is the channel’s newest version')).toBeVisible();
    await page.getByRole('tab', { name: 'Changes' }).click();
    await expect(page.getByRole('tabpanel', { name: 'Changes' })).toContainText(note);

    await page.getByRole('tab', { name: /^Received/ }).click();
    await correctValue(page, '"Levy 6501"', `"${mapped}"`);
    await page.getByRole('button', { name: 'Save and replay' }).click();
    await expect(page.locator('main')).toContainText('Resolved: the order got past', { timeout: 30_000 });
    const history = page.getByRole('region', { name: 'History' });
    await expect(history).toContainText('corrected the payload (version 3)');
    await expect(history).not.toContainText('although the channel has a newer version');
  });

  test('goes on as it was corrected where somebody says why, which stays with the case', async ({ page }) => {
    const refusal = await replayOlderVersion(page, 6502);
    await refusal.getByRole('button', { name: 'Replay anyway…' }).click();
    const reason = refusal.getByLabel('Why the older version is right');
    await expect(reason).toBeFocused();
    await reason.fill('The courier has the note already.');
    await refusal.getByRole('button', { name: 'Replay anyway' }).click();
    await expect(page.locator('main')).toContainText('Resolved: the order got past', { timeout: 30_000 });
    const asked = page
      .getByRole('region', { name: 'History' })
      .getByRole('listitem')
      .filter({ hasText: 'asked for a replay' });
    await expect(asked).toContainText('although the channel has a newer version');
    await expect(asked).toContainText('The courier has the note already.');
  });
});
