import { expect, test } from '@playwright/test';
import { markDocument, placeOrder, signIn, stack } from './support/journey.ts';

test.describe('an order with an unmapped tax code', () => {
  test('appears live, is understood, tried, cured and replayed until it has shipped', async ({ page }) => {
    const taxTitle = 'Levy 6101';
    await signIn(page, 'support', '/quarantine');
    const expectNoReload = await markDocument(page);
    await expect(page.getByText('#6101')).toHaveCount(0);

    const { key } = await placeOrder({ id: 6101, taxTitle });
    await expect(page.getByText('#6101').first()).toBeVisible();
    await page.getByText('#6101').first().click();
    await expect(page.getByRole('heading', { name: 'Case of #6101' })).toBeVisible();

    const why = page.getByRole('region', { name: 'Why it stopped' });
    await expect(why).toContainText(`The tax code “${taxTitle}” is not mapped`);
    await why.getByRole('button', { name: 'Show it in the payload' }).click();
    await expect(page.locator('.cm-lintRange-error', { hasText: taxTitle })).toBeVisible();

    await page.getByRole('button', { name: 'Dry run' }).click();
    const dryRun = page.getByRole('region', { name: 'Dry run' });
    const steps = dryRun.getByRole('list', { name: 'Steps of the dry run' });
    await expect(steps).toContainText(/Checked.*would stop here/);

    await page.getByLabel('Tax code in NetSuite').fill('NY-STATE');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await expect(steps).toContainText(/Sales order created.*would be sent/);
    await expect(steps).not.toContainText('would stop here');

    await page.getByRole('button', { name: 'Add mapping' }).click();
    await expect(page.getByText('Replay to let the order go on.')).toBeVisible();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await expect(page.locator('main')).toContainText('resolved', { timeout: 30_000 });

    await page.getByRole('link', { name: /^Order #6101/ }).click();
    await expect(page).toHaveURL(`${stack.console}/orders/${encodeURIComponent(key)}`);
    const lifecycle = page.getByRole('list', { name: 'Lifecycle' });
    await expect(lifecycle.locator('[aria-current="step"]')).toContainText(/shipped|delivered|settled/i, {
      timeout: 60_000,
    });
    const waterfall = page.getByLabel('Steps by system and time');
    await expect(waterfall.getByRole('option', { name: /^Checked, quarantined/ })).toBeVisible();
    await expect(waterfall.getByRole('option', { name: /^Checked, replay 1, done/ })).toBeVisible();
    await expectNoReload();
  });

  test('that is not there, or a page that is not for them, leaves a person where they can go on', async ({ page }) => {
    await signIn(page, 'viewer', '/quarantine');
    for (const [path, said] of [
      ['/quarantine/nosuch', 'There is nothing at this address'],
      ['/quarantine/rules/new', 'Your role does not allow this'],
      ['/quarantine/repairs/nosuch', 'There is nothing at this address'],
    ] as const) {
      await page.goto(`${stack.console}${path}`);
      await expect(page.getByRole('heading', { name: said })).toBeVisible();
      await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible();
    }
  });

  test('can be looked at by a viewer, who can change nothing, not even by calling the actions', async ({ page }) => {
    await placeOrder({ id: 6102, taxTitle: 'Levy 6102' });
    await signIn(page, 'viewer', '/quarantine');
    await page.getByText('#6102').first().click();
    await expect(page.getByRole('heading', { name: 'Case of #6102' })).toBeVisible();
    for (const name of ['Dry run', 'Replay', 'Add mapping', 'Assign to me', 'Discard'])
      await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
    await expect(page.getByText('Payloads are not shown to your role')).toBeVisible();

    const refusals = await page.evaluate(async () => {
      const intents = [
        'assign',
        'comment',
        'hold',
        'fix',
        'merge',
        'newest',
        'tag',
        'dry-run',
        'mapping',
        'replay',
        'replay-anyway',
        'approve',
        'decline',
        'done-outside',
        'discard',
        'reveal',
      ];
      const fields = { revision: '1', kind: 'tax_code', system: 'netsuite', code: 'Levy 6102', target: 'TX-NY' };
      const statuses: Record<string, number> = {};
      for (const intent of intents) {
        const body = new URLSearchParams({ ...fields, intent, note: 'tried', payload: '{}' });
        statuses[intent] = (await fetch(location.href, { method: 'POST', body })).status;
      }
      return statuses;
    });
    expect(new Set(Object.values(refusals)), JSON.stringify(refusals)).toEqual(new Set([403]));

    await page.reload();
    await expect(page.locator('main')).toContainText('unassigned');
    const history = page.getByRole('region', { name: 'History' });
    await expect(history).toContainText('The case was opened');
    // Whatever they tried, all they did is to look.
    await expect(history).toContainText('viewer@syncline.example looked at it');
    await expect(history.getByRole('listitem')).toHaveCount(2);
  });
});
