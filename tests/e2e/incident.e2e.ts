import { expect, test } from '@playwright/test';
import { banner, end, raise } from './support/incident.ts';
import { placeOrder, signIn, stack } from './support/journey.ts';

const LEVY = 'Levy 6751';

test('an incident is raised from a cause, seen at once by everybody, carried on by two people, and ended in writing', async ({
  browser,
}) => {
  await placeOrder({ id: 6751, taxTitle: LEVY });
  const [olga, sam] = await Promise.all([browser.newContext(), browser.newContext()]);
  const [one, two] = await Promise.all([olga.newPage(), sam.newPage()]);
  await signIn(two, 'support', '/account');
  await expect(banner(two)).toBeEmpty();
  await signIn(one, 'operations', '/quarantine?by=cause');
  await one
    .getByRole('row')
    .filter({ hasText: LEVY })
    .getByRole('link', { name: new RegExp(LEVY) })
    .click();
  await one.getByRole('link', { name: 'Raise an incident' }).click();

  await expect(one.getByRole('group', { name: 'Linked to it' })).toContainText(LEVY);
  await raise(one, 'The shop charges a tax nobody knows', 'major');
  const figures = one.getByRole('region', { name: 'Figures' });
  await expect(figures.getByText('Value at risk')).toBeVisible();
  const linked = one.getByRole('region', { name: 'Linked' });
  await expect(linked).toContainText('1 open case of 1 case ever');

  // A page whose data never changes hears of it too, and what stood there stays where it was.
  const heading = two.getByRole('heading', { level: 1 });
  await expect(banner(two)).toContainText('major');
  await expect(banner(two)).toContainText('The shop charges a tax nobody knows');
  await two.setViewportSize({ width: 390, height: 844 });
  await expect(banner(two)).toBeInViewport();
  await expect(heading).toBeInViewport();
  await two.setViewportSize({ width: 1280, height: 800 });
  await banner(two).getByRole('link').first().click();
  await expect(two.getByRole('button', { name: 'End it' })).toHaveCount(0);

  // Both write at once: the second loses no word.
  await two.getByLabel('Update for everybody').fill('Four customers have asked.');
  await one.getByLabel('Update for everybody').fill('The shop has been called.');
  await one.getByRole('button', { name: 'Add update' }).click();
  await expect(two.getByRole('region', { name: 'Timeline' })).toContainText('The shop has been called.');
  await two.getByRole('button', { name: 'Add update' }).click();
  await expect(two.getByRole('status').filter({ hasText: 'Somebody was first' })).toBeVisible();
  await expect(two.getByLabel('Update for everybody')).toHaveValue('Four customers have asked.');
  await two.getByRole('button', { name: 'Add update' }).click();
  await expect(two.getByLabel('Update for everybody')).toHaveValue('');
  await expect(one.getByRole('region', { name: 'Timeline' })).toContainText('Four customers have asked.');

  await two.goto(`${stack.console}/connectors/netsuite`);
  await two.getByRole('button', { name: /^Link to INC-/ }).click();
  await expect(two.getByRole('link', { name: /part of INC-\d+, major/ })).toBeVisible();
  await expect(linked.getByRole('listitem')).toHaveCount(2);

  await end(one, 'The shop took it back.');
  await expect(banner(two)).toBeEmpty();
  const address = one.url();
  await two.goto(`${stack.console}/incidents?state=ended`);
  await two.getByRole('link', { name: /^INC-/ }).first().click();
  await expect(two).toHaveURL(address);
  await expect(two.getByRole('region', { name: 'Timeline' })).toContainText('ended it');
  await Promise.all([olga.close(), sam.close()]);
});
