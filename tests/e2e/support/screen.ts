import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Every rule of WCAG 2.2, levels A and AA. */
const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
/** A theme changes colours and nothing else: these are the rules that look at them. */
const byTheme = ['color-contrast', 'link-in-text-block'];
const phone = { width: 390, height: 844 };
const tablet = { width: 1024, height: 900 };
export const desk = { width: 1440, height: 900 };

/** What axe finds wrong with the page as it is shown, in words; nothing is left out of it. */
async function violations(page: Page, runOnly = standard): Promise<string[]> {
  const results = await page.evaluate(async (wanted) => {
    const { axe } = window as unknown as { axe: { run: (of: Document, options: object) => Promise<AxeResults> } };
    return axe.run(document, { runOnly: wanted, resultTypes: ['violations'] });
  }, runOnly);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What goes wrong in the browser from now on: errors on its console, and requests that fail. */
export function watchTroubles(page: Page): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', ({ name, message }) => {
    // What a newer question of the same page replaces is aborted.
    if (name !== 'AbortError') troubles.push(message);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()} of ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Leaving a page ends its requests.
    if (reason !== 'net::ERR_ABORTED') troubles.push(`${reason} of ${request.url()}`);
  });
  return troubles;
}

/** Holds what is shown now to what every screen keeps to, in both themes and at three widths. */
export async function auditScreen(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  expect(await page.title()).toMatch(/Syncline$/);
  await expect(page.locator('h1')).toHaveCount(1);
  expect.soft(await violations(page), 'axe, light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  // Colours are those of the theme once a frame was drawn.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect.soft(await violations(page, byTheme), 'axe, dark').toEqual([]);
  for (const size of [tablet, phone]) {
    await page.setViewportSize(size);
    await expect.poll(() => overflow(page), `overflow at ${size.width} px`).toBe(0);
  }
  expect.soft(await violations(page), 'axe, on a phone').toEqual([]);
  await page.setViewportSize(desk);
  await expect.poll(() => overflow(page), `overflow at ${desk.width} px`).toBe(0);
  await page.emulateMedia({ colorScheme: 'light' });
}
