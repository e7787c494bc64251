import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const systemChromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Runs in the page: notes when a marked order is first in the document and about to be painted. */
const observer = `(() => {
  window.seen = {};
  const look = () => {
    for (const [mark] of document.body.innerText.matchAll(/#MARK-\\d+/g))
      if (!(mark in window.seen)) {
        window.seen[mark] = 0;
        requestAnimationFrame(() => { window.seen[mark] = Date.now(); });
      }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  look();
})()`;

export interface OpenPage {
  /** When each marked order was first on screen, in milliseconds since 1970. */
  seen(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** A person in a browser, signed in, looking at `path` of the console. */
export async function openPage(
  url: string,
  path: string,
  person: { email: string; password: string },
): Promise<OpenPage> {
  const browser = await chromium.launch({
    ...(systemChromium === undefined ? {} : { executablePath: systemChromium }),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${url}${path}`);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}${path}`);
  await page.getByRole('heading', { name: 'Orders' }).first().waitFor();
  await page.evaluate(observer);
  return {
    seen: () => page.evaluate<Record<string, number>>('window.seen'),
    close: () => browser.close(),
  };
}
