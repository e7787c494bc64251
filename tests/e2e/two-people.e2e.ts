import { expect, test } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { correctValue, openCase, placeOrder, signIn } from './support/journey.ts';

const mapped = mappedTaxes[0]?.title ?? '';

test('two people on one case see each other, and both of their changes survive', async ({ browser }) => {
  const taxTitle = 'Levy 6301';
  await placeOrder({ id: 6301, taxTitle });
  const [sam, olga] = await Promise.all([browser.newContext(), browser.newContext()]);
  const [one, two] = await Promise.all([sam.newPage(), olga.newPage()]);
  await signIn(one, 'support', '/quarantine');
  await signIn(two, 'operations', '/quarantine');
  await openCase(one, '#6301');
  await openCase(two, '#6301');
  await expect(one.getByText('Also here: operations@syncline.example')).toBeVisible();
  await expect(two.getByText('Also here: support@syncline.example')).toBeVisible();

  await correctValue(one, `"${taxTitle}"`, `"${mapped}"`);
  await expect(two.getByText('Also here: support@syncline.example, editing')).toBeVisible();
  await correctValue(two, `"en"`, `"fr"`);
  await two.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(two.locator('main')).toContainText('version 2');

  // The second writer is told who changed what, cannot overwrite it, and loses nothing they typed.
  const conflict = one
    .getByRole('status')
    .filter({ hasText: 'operations@syncline.example saved version 2 before you' });
  await expect(conflict).toContainText('You changed other fields, so both changes can stand.');
  await expect(one.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await expect(one.locator('.cm-content').first()).toContainText(mapped);
  await conflict.getByRole('button', { name: 'Merge both' }).click();
  await expect(conflict).toHaveCount(0);
  await one.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(one.locator('main')).toContainText('version 3');

  await one.getByRole('tab', { name: 'Changes' }).click();
  const changes = one.getByRole('tabpanel', { name: 'Changes' });
  await expect(changes).toContainText(mapped);
  await expect(changes).toContainText(`"fr"`);

  const history = one.getByRole('region', { name: 'History' });
  await expect(history).toContainText('operations@syncline.example corrected the payload (version 2)');
  await expect(history).toContainText('support@syncline.example corrected the payload (version 3)');
  // Leaving the page says so; a browser that is torn down may not get to it.
  await two.goto('about:blank');
  await olga.close();
  await expect(one.getByText('Also here:')).toHaveCount(0);
  await sam.close();
});
