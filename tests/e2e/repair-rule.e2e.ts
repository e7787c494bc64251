import { expect, test } from '@playwright/test';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { placeOrder, signIn, stack } from './support/journey.ts';

const LEVY = 'Bottle levy';
const mapped = mappedTaxes[0]?.title ?? '';

test('what cured a cause becomes a rule: tried on real orders, switched on, counted, and stopped with all others', async ({
  page,
}) => {
  for (const id of [6601, 6602]) await placeOrder({ id, taxTitle: LEVY });
  await signIn(page, 'support', '/quarantine?by=cause');
  const row = page.getByRole('row').filter({ hasText: LEVY });
  await expect(row.getByRole('link', { name: '2', exact: true })).toBeVisible();
  await row.getByRole('link', { name: new RegExp(LEVY) }).click();
  await page.getByRole('link', { name: 'Repair all' }).click();
  await page.getByText('Correct the payload').click();
  // The wrong field is filled in already.
  await expect(page.getByLabel('Only where it is')).toHaveValue(LEVY);
  await page.getByLabel('Becomes').fill(mapped);
  await page.getByLabel('Why').fill('The shop renamed the levy.');
  await page.getByRole('button', { name: 'Try it on all of them' }).click();
  await page.getByRole('button', { name: 'Replay 2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('2 of 2 went on')).toBeVisible({ timeout: 30_000 });

  await page.getByRole('link', { name: 'Save as a rule' }).click();
  await expect(page.getByLabel('Becomes')).toHaveValue(mapped);
  await page.getByLabel('Name').fill('The bottle levy is the state tax');
  await page.getByRole('button', { name: 'Save, switched off' }).click();
  await expect(page.getByRole('heading', { name: 'The bottle levy is the state tax' })).toBeVisible();
  const ruleAddress = page.url();

  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(page.getByRole('dialog')).toContainText('This version has not been tried');
  await page.getByRole('dialog').getByRole('button', { name: 'Leave it as it is' }).click();
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await expect(page.getByText('2 of the orders were named by cases of that cause.')).toBeVisible();
  const groups = page.getByRole('region', { name: 'How orders would differ' }).getByRole('listitem');
  await expect(groups.filter({ hasText: 'goes on' })).toContainText('2 orders', { timeout: 30_000 });
  await page.goto(ruleAddress);
  await expect(page.getByRole('list', { name: 'Trials of this version' })).toContainText('2 would go on');

  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(page.getByRole('dialog')).toContainText('2 would go on that were stopped');
  await page.getByRole('dialog').getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.getByRole('button', { name: 'Switch off' })).toBeVisible();

  const { key } = await placeOrder({ id: 6603, taxTitle: LEVY });
  const uses = page.getByRole('region', { name: 'Uses' });
  await expect(uses.getByRole('link', { name: '#6603' })).toBeVisible();
  await uses.getByRole('link', { name: '#6603' }).click();
  await expect(page).toHaveURL(`${stack.console}/orders/${encodeURIComponent(key)}`);
  await expect(page.getByRole('list', { name: 'Lifecycle' }).locator('[aria-current="step"]')).toContainText(
    /shipped|delivered|settled/i,
    { timeout: 30_000 },
  );
  await page.goto(`${stack.console}/quarantine?state=all&q=6603`);
  await expect(page.getByText('No case matches')).toBeVisible();

  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  const rule = page.getByRole('row').filter({ hasText: 'The bottle levy is the state tax' });
  await expect(rule).toContainText('on');
  await expect(rule.getByRole('cell', { name: '1', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Switch all rules off' }).click();
  await page.getByLabel('Reason').fill('The shop is changing its taxes.');
  await page.getByRole('button', { name: 'Switch them all off' }).click();
  await expect(page.getByText('All repair rules are switched off')).toBeVisible();
  await expect(rule).toContainText('held back');

  await placeOrder({ id: 6604, taxTitle: LEVY });
  await page.getByRole('link', { name: 'Inbox', exact: true }).click();
  await expect(page.getByText('#6604').first()).toBeVisible();
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByRole('button', { name: 'Let rules apply again' }).click();
  await page.getByLabel('Reason').fill('The taxes are as they were.');
  await page.getByRole('button', { name: 'Let them apply' }).click();
  await expect(rule).toContainText('on');
  await expect(rule).not.toContainText('held back');
});
