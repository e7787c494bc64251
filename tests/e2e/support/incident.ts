import { expect, type Page } from '@playwright/test';

/** Fills in and sends the form for a new incident, which is open. */
export async function raise(page: Page, title: string, severity: 'minor' | 'major' | 'critical'): Promise<void> {
  await page.getByLabel('What is wrong, and with what').fill(title);
  await page.getByRole('radio', { name: new RegExp(severity) }).check();
  await page.getByRole('button', { name: 'Raise it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

/** Ends the incident whose page is open. */
export async function end(page: Page, done: string): Promise<void> {
  await page.getByRole('button', { name: 'End it' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What happened, and why').fill('The shop began to charge a levy of the harbour.');
  await dialog.getByLabel('What customers and stores saw of it').fill('Orders were confirmed late.');
  await dialog.getByLabel('What was done').fill(done);
  await dialog.getByLabel(/What follows/).fill('The shop tells us of new taxes before.');
  await dialog.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('region', { name: 'How it ended' })).toContainText(done);
}

/** The banner of open incidents. */
export const banner = (page: Page) => page.getByRole('complementary', { name: 'Open incidents' });
