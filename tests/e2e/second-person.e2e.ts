import { expect, test } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { correctValue, openCase, placeOrder, signIn } from './support/journey.ts';

const mapped = mappedTaxes[0]?.title ?? '';

test('a replay of much money waits for a second person, who sees what changed and lets it go', async ({ browser }) => {
  const taxTitle = 'Levy 6401';
  await placeOrder({ id: 6401, taxTitle, quantity: 100 });
  const [sam, finn] = await Promise.all([browser.newContext(), browser.newContext()]);
  const [support, finance] = await Promise.all([sam.newPage(), finn.newPage()]);
  await signIn(support, 'support', '/quarantine');
  await openCase(support, '#6401');
  await expect(support.getByText('a second person approves the replay')).toBeVisible();
  await correctValue(support, `"${taxTitle}"`, `"${mapped}"`);
  await support.getByRole('button', { name: 'Save and replay' }).click();
  const asked = support.getByRole('region', { name: 'Waits for approval' });
  await expect(asked).toContainText('support@syncline.example asked to replay');
  await expect(asked).toContainText('Your role cannot approve replays of money');
  await expect(asked.getByRole('button')).toHaveCount(0);

  await signIn(finance, 'finance', '/quarantine');
  await finance.getByRole('button', { name: 'Views' }).click();
  await finance.getByRole('link', { name: 'Waiting for my approval' }).click();
  await finance.getByText('#6401').first().click();
  const decision = finance.getByRole('region', { name: 'Waits for approval' });
  await expect(finance.getByRole('tab', { name: 'Changes', selected: true })).toBeVisible();
  await decision.getByRole('button', { name: 'Decline' }).click();
  await finance.getByLabel('Reason, for support@syncline.example').fill('Which state is it?');
  await finance.getByRole('button', { name: 'Decline the replay' }).click();
  await expect(decision).toHaveCount(0);
  await expect(support.getByRole('region', { name: 'History' })).toContainText('Which state is it?');

  await support.getByRole('button', { name: 'Replay', exact: true }).click();
  await decision.getByRole('button', { name: 'Approve and replay' }).click();
  await expect(finance.locator('main')).toContainText('Resolved: the order got past', { timeout: 30_000 });
  await sam.close();
  await finn.close();
});
