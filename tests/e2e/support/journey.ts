import { expect, type Page } from '@playwright/test';
import { z } from 'zod';
import type { Role } from '#contracts/v1/permissions.ts';

const stackAddress = z.object({
  console: z.url(),
  control: z.url(),
  people: z.record(z.string(), z.object({ email: z.string(), password: z.string() })),
});

/** The stack that global-setup started. */
export const stack = stackAddress.parse(JSON.parse(process.env['SYNCLINE_E2E'] ?? '{}'));

/** Signs in through the page, as a person of this role would, and lands on `path`. */
export async function signIn(page: Page, role: Role, path: string): Promise<void> {
  const person = stack.people[role];
  if (person === undefined) throw new Error(`nobody has the role ${role}`);
  await page.goto(`${stack.console}${path}`);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${stack.console}${path}`);
}

const shopOrder = z.object({ key: z.string(), number: z.int() });
interface Order {
  id: number;
  taxTitle?: string;
  quantity?: number;
}

/** A customer buys in the simulated shop, which sends its webhook. With `taxTitle` the order carries a tax of that name. */
export const placeOrder = (order: Order) => inShop('/orders', order);

/** Somebody writes a note on an order in the shop, which sends its webhook. Resolves once the order's flow knows. */
export const editOrder = (order: Order & { note: string }) => inShop('/edits', order);

/** Fills the estate with a bit of everything, once. Its ERP is away from then on. */
export const trade = () => asked('/trade');

/** Brings the ERP back. */
export const calm = () => asked('/calm');

async function asked(path: string): Promise<void> {
  const response = await fetch(`${stack.control}${path}`, { method: 'POST', body: '{}' });
  if (!response.ok) throw new Error(`${path} failed: ${await response.text()}`);
}

async function inShop(path: string, order: Order): Promise<z.output<typeof shopOrder>> {
  const response = await fetch(`${stack.control}${path}`, { method: 'POST', body: JSON.stringify(order) });
  if (!response.ok) throw new Error(`the shop did not take ${path}: ${await response.text()}`);
  return shopOrder.parse(await response.json());
}

/** Marks the document, so that a reload would be noticed. */
export async function markDocument(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', 'true'));
  return async () => {
    await expect(page.locator('html[data-not-reloaded="true"]')).toHaveCount(1);
  };
}

/** Opens the case of an order from the inbox. */
export async function openCase(page: Page, number: string): Promise<void> {
  await page.getByText(number).first().click();
  await expect(page.getByRole('heading', { name: `Case of ${number}` })).toBeVisible();
  await expect(page.locator('.cm-content').first()).toBeVisible();
}

/** Replaces a value throughout the payload in the editor, by the editor's own search. */
export async function correctValue(page: Page, from: string, to: string): Promise<void> {
  await page.locator('.cm-content').first().click();
  await page.keyboard.press('Control+f');
  const panel = page.locator('.cm-search');
  await panel.locator('input[name="search"]').fill(from);
  await panel.locator('input[name="replace"]').fill(to);
  await panel.getByRole('button', { name: 'replace all' }).click();
  await page.keyboard.press('Escape');
}
