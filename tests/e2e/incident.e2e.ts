import { expect, test, type Browser, type Locator, type Page, type Request } from '@playwright/test';
import type { Role } from '#contracts/v1/permissions.ts';
import { account, banner, end, raise } from './support/incident.ts';
import { markDocument, placeOrder, signIn, stack } from './support/journey.ts';

const LEVY = 'Levy 6751';
const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' });
const update = (page: Page) => page.getByLabel('Update for everybody');
const addUpdate = (page: Page) => page.getByRole('button', { name: 'Add update' }).click();
const figure = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Figures' }).locator(`dt:text-is("${name}") + dd`);

/** A person of a role in a browser of their own, at a page whose data never changes. */
async function person(browser: Browser, role: Role): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, role, '/account');
  return page;
}
const leave = (...pages: Page[]) => Promise.all(pages.map((page) => page.context().close()));

/** Raises an incident without links on the page of one; the other comes to it by the banner. */
async function share(one: Page, two: Page, title: string): Promise<void> {
  await one.goto(`${stack.console}/incidents/new`);
  await raise(one, title, 'major');
  await banner(two).getByRole('link', { name: title }).click();
  await expect(two.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

/** Where everything that is read or pressed on a page stands. */
const standing = (page: Page) =>
  page.locator('main :is(h1, h2, label, button, a)').evaluateAll((all) =>
    all.map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return [one.textContent, x, y, width, height];
    }),
  );

const lowerEdge = async (of: Locator) => {
  const box = await of.boundingBox();
  return box && box.y + box.height;
};

/** Keeps back the answer to the next request that fits; the returned function lets it go and waits until it has come. */
async function holdAnswer(page: Page, url: RegExp, method: string): Promise<() => Promise<void>> {
  let held: Request | undefined;
  let letGo = () => {};
  const free = new Promise<void>((resolve) => (letGo = resolve));
  const answered = new Promise<void>((resolve) => {
    void page.route(url, async (route, request) => {
      if (held !== undefined || request.method() !== method) return route.continue();
      held = request;
      const response = await route.fetch();
      resolve();
      await free;
      return route.fulfill({ response });
    });
  });
  return async () => {
    await answered;
    const come = page.waitForEvent('requestfinished', (request) => request === held);
    letGo();
    await come;
    // What it brings is drawn by then.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  };
}

test('an incident is raised from a cause, seen at once by everybody, carried on by two people, and ended in writing', async ({
  browser,
}) => {
  await placeOrder({ id: 6751, taxTitle: LEVY });
  const [one, two] = await Promise.all([person(browser, 'operations'), person(browser, 'support')]);
  await expect(banner(two)).toBeEmpty();
  const notReloaded = await markDocument(two);
  const before = await standing(two);
  await one.goto(`${stack.console}/quarantine?by=cause`);
  await one
    .getByRole('row')
    .filter({ hasText: LEVY })
    .getByRole('link', { name: new RegExp(LEVY) })
    .click();
  await one.getByRole('link', { name: 'Raise an incident' }).click();

  await expect(one.getByRole('group', { name: 'Linked to it' })).toContainText(LEVY);
  await raise(one, 'The shop charges a tax nobody knows', 'major');
  const linked = one.getByRole('region', { name: 'Linked' });
  await expect(linked).toContainText('1 open case of 1 case ever');
  for (const name of ['Cases', 'Open cases', 'Orders']) await expect(figure(one, name)).toHaveText('1');
  // All of it waits, and it is what its case is worth.
  const value = await figure(one, 'Value affected').innerText();
  expect(value).toMatch(/^[1-9]/);
  await expect(figure(one, 'Value at risk')).toHaveText(value);
  await expect(linked).toContainText(value);

  // A page whose data never changes hears of it too, and what stood there stays where it was.
  await expect(banner(two).getByRole('status')).toContainText('major');
  await expect(banner(two).getByRole('status')).toContainText('The shop charges a tax nobody knows');
  await expect(banner(two)).toContainText('led by operations@syncline.example');
  await notReloaded();
  expect(await standing(two)).toEqual(before);
  // Screen readers are told of it once, and not of its clock each minute.
  await expect(banner(two)).toContainText(/for \d/);
  await expect(banner(two).getByRole('status')).not.toContainText(/for \d/);
  await two.setViewportSize({ width: 390, height: 844 });
  await expect(banner(two)).toBeInViewport({ ratio: 1 });
  const bar = await two.getByRole('navigation', { name: 'Places' }).boundingBox();
  expect(await lowerEdge(banner(two))).toBeLessThanOrEqual(bar?.y ?? 0);
  await two.setViewportSize({ width: 1280, height: 800 });
  await banner(two).getByRole('link').first().click();
  await expect(two.getByRole('button', { name: 'End it' })).toHaveCount(0);

  // Both write at once: the second loses no word.
  await update(two).fill('Four customers have asked.');
  await update(one).fill('The shop has been called.');
  await addUpdate(one);
  await expect(timeline(two)).toContainText('The shop has been called.');
  await addUpdate(two);
  await expect(two.getByRole('status').filter({ hasText: 'Somebody was first' })).toBeVisible();
  await expect(update(two)).toHaveValue('Four customers have asked.');
  await addUpdate(two);
  await expect(update(two)).toHaveValue('');
  await expect(timeline(one)).toContainText('Four customers have asked.');
  for (const page of [one, two])
    for (const text of ['The shop has been called.', 'Four customers have asked.'])
      await expect(timeline(page).getByText(text)).toHaveCount(1);

  await two.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Connectors' }).click();
  await two.getByRole('link', { name: 'NetSuite' }).first().click();
  await two.getByRole('button', { name: /^Link to INC-/ }).click();
  await expect(two.getByRole('link', { name: /part of INC-\d+, major/ })).toBeVisible();
  await expect(linked.getByRole('listitem')).toHaveCount(2);

  await end(one, 'The shop took it back.');
  await expect(banner(two)).toBeEmpty();
  const address = one.url();
  await two.goto(`${stack.console}/incidents?state=ended`);
  await two.getByRole('row').filter({ hasText: 'The shop charges a tax nobody knows' }).getByRole('link').click();
  await expect(two).toHaveURL(address);
  await expect(timeline(two)).toContainText('ended it');
  for (const text of [...Object.values(account), 'The shop took it back.'])
    await expect(two.getByRole('region', { name: 'How it ended' })).toContainText(text);
  for (const name of ['Cases', 'Orders']) await expect(figure(two, name)).toHaveText('1');
  await expect(figure(two, 'Value affected')).toHaveText(value);
  await leave(one, two);
});

test('what somebody writes about an incident outlives its end, and what was written at its end outlives a reopening', async ({
  browser,
}) => {
  const [one, two] = await Promise.all([person(browser, 'operations'), person(browser, 'administrator')]);
  await share(one, two, 'The warehouse answers late');
  await two.getByRole('button', { name: 'Severity' }).click();
  const dialog = two.getByRole('dialog');
  await dialog.getByRole('radio', { name: /critical/ }).check();
  await dialog.getByLabel('Why').fill('Two more stores wait.');
  await end(one, 'The warehouse was restarted.');

  // Behind the dialog the page says that it has ended; in it nothing is lost, and the server says why it cannot be.
  await expect(two.getByRole('region', { name: 'How it ended', includeHidden: true })).toBeVisible();
  await expect(dialog.getByLabel('Why')).toHaveValue('Two more stores wait.');
  await dialog.getByRole('button', { name: 'Change the severity' }).click();
  await expect(dialog.getByRole('status')).toContainText('Somebody was first');
  await dialog.getByRole('button', { name: 'Change the severity' }).click();
  await expect(dialog.getByRole('alert')).toContainText('has ended. Reopen it first');
  await expect(dialog.getByLabel('Why')).toHaveValue('Two more stores wait.');
  await expect(dialog.getByRole('radio', { name: /critical/ })).toBeChecked();
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  for (const name of ['Severity', 'Lead', 'Correct', 'End it'])
    await expect(two.getByRole('button', { name, exact: true })).toHaveCount(0);

  await two.getByRole('button', { name: 'Reopen' }).click();
  await dialog.getByLabel('Why').fill('It is late again.');
  await dialog.getByRole('button', { name: 'Reopen it' }).click();
  await expect(one.getByRole('region', { name: 'How it ended' })).toHaveCount(0);
  for (const text of [...Object.values(account), 'The warehouse was restarted.', 'It is late again.'])
    await expect(timeline(one)).toContainText(text);
  await expect(timeline(one)).toContainText(/0 cases, 0 orders/);

  await end(one, 'The warehouse has a second machine.');
  await expect(timeline(one)).toContainText('The warehouse was restarted.');
  await expect(timeline(one)).not.toContainText('The warehouse has a second machine.');
  await leave(one, two);
});

test('what is typed while an update is under way stays, and is the next', async ({ browser }) => {
  const [one, two] = await Promise.all([person(browser, 'operations'), person(browser, 'support')]);
  await share(one, two, 'The tax service is slow');
  const letCome = await holdAnswer(two, /\/incidents\/INC-/, 'POST');
  await update(two).fill('It was called.');
  await addUpdate(two);
  await expect(timeline(one)).toContainText('It was called.');
  await update(two).pressSequentially(' It calls back at noon.');
  await letCome();
  await expect(update(two)).toHaveValue('It calls back at noon.');
  await addUpdate(two);
  await expect(timeline(one).getByText('It calls back at noon.', { exact: true })).toBeVisible();
  await expect(update(two)).toHaveValue('');
  await end(one, 'It is quick again.');
  await leave(one, two);
});

test('the banner is not set back by an answer that comes late, and a list counts on while an incident is open', async ({
  browser,
}) => {
  const [one, two] = await Promise.all([person(browser, 'operations'), person(browser, 'support')]);
  await one.goto(`${stack.console}/incidents/new`);
  const letCome = await holdAnswer(two, /\/incidents\/open$/, 'GET');
  await raise(one, 'Stores are not settled', 'minor');
  await one.getByRole('button', { name: 'Severity' }).click();
  const dialog = one.getByRole('dialog');
  await dialog.getByRole('radio', { name: /critical/ }).check();
  await dialog.getByLabel('Why').fill('It is all of them.');
  await dialog.getByRole('button', { name: 'Change the severity' }).click();
  await expect(banner(two)).toContainText('critical');
  await letCome();
  expect(await banner(two).innerText()).toContain('critical');

  await two.goto(`${stack.console}/incidents?state=open`);
  const lasted = two
    .getByRole('row')
    .filter({ hasText: 'Stores are not settled' })
    .getByText(/^\d+(\.\d)? (s|min)( \d+ s)?$/);
  const first = await lasted.innerText();
  await expect(lasted).not.toHaveText(first);
  await end(one, 'They are settled.');
  await leave(one, two);
});
