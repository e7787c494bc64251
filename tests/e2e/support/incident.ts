import { expect, type Page } from '@playwright/test';

/** Fills in and sends the form for a new incident, which is open. */
export async function raise(page: Page, title: string, severity: 'minor' | 'major' | 'critical'): Promise<void> {
  await page.getByLabel('What is wrong, and with what').fill(title);
  await page.getByRole('radio', { name: new RegExp(severity) }).check();
  await page.getByRole('button', { name: 'Raise it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

/** What is written at every end, beside what was done. */
export const account = {
  'What happened, and why': 'The shop began to charge a levy of the harbour.',
  'What customers and stores saw of it': 'Orders were confirmed late.',
  'What follows, so that it does not come again, and who does it': 'The shop tells us of new taxes before.',
};

/** Ends the incident whose page is open. */
export async function end(page: Page, done: string): Promise<void> {
  await page.getByRole('button', { name: 'End it' }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(account)) await dialog.getByLabel(label).fill(text);
  await dialog.getByLabel('What was done').fill(done);
  await dialog.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('region', { name: 'How it ended' })).toContainText(done);
}

/** The banner of open incidents. */
export const banner = (page: Page) => page.getByRole('complementary', { name: 'Open incidents' });
