import { expect, test } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { placeOrder, signIn, stack } from './support/journey.ts';

const LEVY = 'Paper levy';
const mapped = mappedTaxes[0];

test('a mapping is tried on the last orders, and what would differ is told in groups before anything is changed', async ({
  page,
}) => {
  for (const id of [6701, 6702]) await placeOrder({ id });
  for (const id of [6703, 6704, 6705]) await placeOrder({ id, taxTitle: LEVY });
  await signIn(page, 'support', '/quarantine');
  for (const id of [6703, 6704, 6705]) await expect(page.getByText(`#${id}`).first()).toBeVisible();

  await page.getByRole('link', { name: 'Shadow replay' }).click();
  await page.getByLabel('Of the system').selectOption({ label: 'NetSuite' });
  const tryMapping = async (code: string, target: string) => {
    await page.getByLabel('This code').fill(code);
    await page.getByLabel('Becomes').fill(target);
    await page.getByLabel('On how many of the last orders').fill('5');
    await page.getByRole('button', { name: 'Try it' }).click();
    await expect(page.getByText('5 of 5 orders tried')).toBeVisible();
  };
  const groups = page.getByRole('region', { name: 'How orders would differ' }).getByRole('listitem');

  // A missing mapping: what stopped would go on, and nothing else differs.
  await tryMapping(LEVY, 'NY-STATE');
  await expect(page.getByText('2 come out the same')).toBeVisible();
  await expect(groups).toHaveCount(1);
  await expect(groups).toContainText(/Checked.*stops.*Paper levy.*goes on/);
  await expect(groups).toContainText('3 orders');

  // Another target of a mapping that is there: what NetSuite would be sent.
  await page.getByRole('link', { name: 'Shadow replay' }).click();
  await page.getByLabel('Of the system').selectOption({ label: 'NetSuite' });
  await tryMapping(mapped?.title ?? '', 'ANOTHER-CODE');
  await expect(page.getByText('3 come out the same')).toBeVisible();
  await expect(groups.first()).toContainText(`"${mapped?.erpCode}" → "ANOTHER-CODE"`);
  await expect(groups.first()).toContainText('Sales order created');
  await groups.first().getByRole('link').first().click();
  await expect(page).toHaveURL(new RegExp(`^${stack.console}/orders/`));

  // Nothing was changed by it: the orders are still stopped by the same.
  await page.goto(`${stack.console}/quarantine?q=${encodeURIComponent(LEVY)}`);
  await expect(page.getByRole('row').filter({ hasText: `The tax code “${LEVY}” is not mapped` })).toHaveCount(3);
});
