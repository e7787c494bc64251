import { expect, test } from '@playwright/test';
import { placeOrder, signIn } from './support/journey.ts';

const CASES = 300;
const LEVY = 'Harbour levy';

/** Orders that stop because of the same levy, placed as fast as a busy hour would. */
async function stopOrders(count: number, from: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => from + index).values();
  const worker = async (): Promise<void> => {
    for (const id of ids) await placeOrder({ id, taxTitle: LEVY });
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

test('one correction cures three hundred orders: tried first, replayed in waves, reported case by case', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await stopOrders(CASES, 80_000);
  await signIn(page, 'support', '/quarantine?by=cause');
  const row = page.getByRole('row').filter({ hasText: LEVY });
  await expect(row.getByRole('link', { name: String(CASES), exact: true })).toBeVisible({ timeout: 60_000 });
  await row.getByRole('link', { name: new RegExp(LEVY) }).click();
  await expect(page.getByText(`${CASES} open cases`)).toBeVisible();
  await page.getByRole('link', { name: 'Repair all' }).click();

  await page.getByText('Correct the payload').click();
  await page.getByLabel('Where', { exact: true }).fill('/line_items/*/tax_lines/*/title');
  await page.getByLabel('Only where it is').fill(LEVY);
  await page.getByLabel('Becomes').fill('Nowhere levy');
  await page.getByLabel('Why').fill('The shop renamed the levy.');
  await page.getByRole('button', { name: 'Try it on all of them' }).click();

  // The wrong correction cures nobody, and says why.
  await expect(page.getByText('The repair cures none of these cases.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: /^Replay/ })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Why not' })).toContainText('Nowhere levy');

  await page.goBack();
  await page.getByText('Correct the payload').click();
  await page.getByLabel('Where', { exact: true }).fill('/line_items/*/tax_lines/*/title');
  await page.getByLabel('Only where it is').fill(LEVY);
  await page.getByLabel('Becomes').fill('New York State Tax');
  await page.getByLabel('Why').fill('The shop renamed the levy.');
  await page.getByRole('button', { name: 'Try it on all of them' }).click();
  await page.getByRole('button', { name: `Replay ${CASES}` }).click({ timeout: 60_000 });
  await page.getByLabel('Replays a second, at most').fill('100');
  await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();

  const progress = page.getByRole('progressbar', { name: 'Cases settled' });
  await expect(progress).toHaveAttribute('aria-valuetext', `${CASES} of ${CASES} settled`, { timeout: 120_000 });
  await expect(page.getByRole('main').getByText('done', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: `${CASES} resolved` })).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Report' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split('\r\n');
  expect(lines).toHaveLength(CASES + 1);
  expect(lines.filter((line) => line.includes(',resolved,'))).toHaveLength(CASES);

  await page.goto(new URL('/quarantine?by=cause', page.url()).toString());
  await expect(page.getByRole('row').filter({ hasText: LEVY })).toHaveCount(0, { timeout: 30_000 });
});
