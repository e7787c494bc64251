import type { LoaderFunctionArgs } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loader as exportLoader } from '#app/routes/postings.export[.]csv.ts';
import { loader as pageLoader } from '#app/routes/_console.postings._index.tsx';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { at, createOrderStory, type OrderFixture } from '../support/order-story.ts';

const password = 'a long enough password';
const story = createOrderStory();
const hour = { from: at(0), to: at(60) };
const within = new URLSearchParams({ range: 'custom', ...hour });
let app: TestConsole;
let cookie: string;

const order = (number: number, more: Partial<OrderFixture> = {}): OrderFixture => ({
  key: `shop==${number}`,
  number: `#${number}`,
  placed: -30,
  channel: 'web',
  amount: '10.50',
  currency: 'USD',
  deadline: undefined,
  ...more,
});
const salesOrder = (one: OrderFixture, more: Record<string, string> = {}) => ({
  system: 'erp',
  attributes: { document: 'sales_order', posting_key: `so-${one.key}`, ...more },
});
const timeout = { error_class: 'timeout', error_code: 'NO_ANSWER', error_message: 'ERP did not answer.' } as const;
const unmapped = {
  error_class: 'mapping',
  error_code: 'tax_code_unmapped',
  error_path: '/tax_lines/0/title',
  error_message: 'Tax code TX-9 is not mapped.',
} as const;
const post = (one: OrderFixture, minutes: number, more: Partial<StepEvent> = {}) =>
  story.add(one, 'erp_create_sales_order', minutes, { ...salesOrder(one), ...more });

/** The hour's postings and what lies on and beyond its edges. */
function tell(): void {
  post(order(1), 0);
  post(order(2), 60);
  post(order(3), -0.001);
  post(order(4), 5, { status: 'retrying', ...timeout });
  post(order(5), 6, { status: 'retrying', ...timeout, origin: 'backfill' });
  post(order(6), 7, { status: 'started', ended_at: '' });
  for (const [number, placed] of [
    [7, -20],
    [8, -21],
  ] as const) {
    const one = order(number, { placed, currency: 'EUR' });
    post(one, 8, { status: 'quarantined', case_id: `case-${number}`, ...unmapped });
    story.addCase(one, `case-${number}`, 'abcdef0123456789', [{ type: 'opened', minutes: 8 }]);
  }
  post(order(9), 10, { status: 'retrying', ...timeout });
  post(order(9), 11, { attempt: 2, ...salesOrder(order(9), { looked_up: 'true', document_number: 'SO-9' }) });
  // Failed within the hour and posted after it: no longer among those whose latest attempt lies in the hour.
  post(order(10), 20, { status: 'retrying', ...timeout });
  post(order(10), 70, { attempt: 2 });
  story.add(order(1), 'capture_payment', 12, { status: 'skipped', system: 'shop', attributes: { reason: 'Taken.' } });
  for (let number = 100; number < 160; number += 1)
    story.add(order(number), 'erp_post_invoice', number - 110 + 10, {
      system: 'erp',
      attributes: { document: 'invoice', posting_key: `inv-shop==${number}`, document_number: `INV-${number}` },
    });
}

const atOf = (event: StepEvent) => Date.parse(event.ended_at || event.started_at);
const inHour = (event: StepEvent) => atOf(event) >= Date.parse(hour.from) && atOf(event) < Date.parse(hour.to);

/** Every posting's latest event, from the raw events alone. */
function latestOfPostings(): StepEvent[] {
  const latest = new Map<string, StepEvent>();
  for (const event of story.events) {
    const key = event.attributes['posting_key'] ?? `${event.key}:${event.step}`;
    if ((latest.get(key)?.ordinal ?? 0) < event.ordinal) latest.set(key, event);
  }
  return [...latest.values()].filter(({ origin }) => origin !== 'backfill');
}
const counted = () => latestOfPostings().filter((event) => inHour(event) && event.status !== 'skipped');
const failing = ({ status }: StepEvent) => ['retrying', 'failed', 'quarantined'].includes(status);

const get = (path: string, as = cookie) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: as } });
/** The text of a page, without the marks that React leaves between its parts. */
const page = async (path: string) => {
  const response = await get(path);
  expect(response.status, path).toBe(200);
  return (await response.text()).replaceAll('<!-- -->', '');
};
const totalOf = (text: string) => Number(/Postings <span[^>]*>([\d,]+)<\/span>/.exec(text)?.[1]?.replaceAll(',', ''));
const asked = (more: Record<string, string> = {}) =>
  `/postings?${new URLSearchParams({ ...Object.fromEntries(within), ...more }).toString()}`;

/** Every count on the page that leads somewhere: what it says and where to. */
function countsOf(text: string): { count: number; what: string; to: string }[] {
  return [...text.matchAll(/<a [^>]*>/g)].flatMap(([tag]) => {
    const [, count = '', what = ''] = /aria-label="([\d,]+) ([^"]*)"/.exec(tag) ?? [];
    const to = /href="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? '';
    return count === '' ? [] : [{ count: Number(count.replaceAll(',', '')), what, to }];
  });
}

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  cookie = await app.signIn('view@example.com', password);
  tell();
  await story.land(app.clickhouse.clickhouse);
}, 60_000);
afterAll(() => app.close());

describe('the page of postings', () => {
  it('has the figures that the raw events of the half-open window give', async () => {
    const text = await page(asked());
    const failed = counted().filter(failing);
    expect(failed).toHaveLength(3);
    expect(totalOf(text)).toBe(counted().length);
    expect(text).toContain(`${failed.length} of ${counted().length} failed`);
    expect(text).toContain(((100 * failed.length) / counted().length).toFixed(2));
    expect(text).toContain(`of ${counted().length} attempted`);
  });

  it.each([
    ['failed', failing],
    ['pending', ({ status }: StepEvent) => status === 'started'],
    ['posted', ({ status }: StepEvent) => status === 'completed'],
    ['attempted', () => true],
  ] as const)('counts %s by document, system and legal entity', async (word, fits) => {
    const shown = countsOf(await page(asked())).filter(({ what }) => what.startsWith(`${word}: `));
    const groups = new Map<string, number>();
    for (const event of counted().filter(fits)) {
      const group = `${event.step === 'erp_post_invoice' ? 'Invoice' : 'Sales order'}, ERP, ${event.legal_entity}`;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    const byWhat = shown.filter(({ what }) => what.endsWith('-retail'));
    expect(Object.fromEntries(byWhat.map(({ what, count }) => [what.replace(`${word}: `, ''), count]))).toEqual(
      Object.fromEntries(groups),
    );
  });

  it('leads from every count to a list of just as many', async () => {
    const counts = countsOf(await page(asked()));
    expect(counts.length).toBeGreaterThan(8);
    for (const { count, what, to } of counts) expect(totalOf(await page(to)), what).toBe(count);
  });

  it('counts what was found posted already, by the time it was found', async () => {
    const found = story.events.filter((event) => event.attributes['looked_up'] === 'true' && inHour(event));
    const text = await page(asked({ prevented: '1' }));
    expect(totalOf(text)).toBe(found.length);
    expect(text).toContain('so-shop==9');
    expect(countsOf(text)).toContainEqual(
      expect.objectContaining({ count: found.length, what: 'prevented: Sales order, ERP, us-retail' }),
    );
  });

  it('groups failures by cause: the one in quarantine, or where and with what code it failed', async () => {
    const text = await page(asked());
    const causes = countsOf(text).filter(({ to }) => to.includes('cause='));
    expect(causes.map(({ count }) => count)).toEqual([2, 1]);
    expect(text).toContain('/quarantine/causes/abcdef0123456789');
    const stopped = await page(causes[0]?.to ?? '');
    expect(stopped).toContain('/quarantine/case-7');
    expect(stopped).toContain('/quarantine/case-8');
    const timedOut = await page(causes[1]?.to ?? '');
    expect(timedOut).toContain('NO_ANSWER');
    expect(timedOut).toContain('/orders/shop%3D%3D4');
  });

  it('keeps filter, order and page in the address', async () => {
    const all = counted().length;
    expect(await page(asked({ page: '2' }))).toContain(`51 to ${all} of ${all}`);
    expect(totalOf(await page(asked({ document: 'invoice', entity: 'us-retail' })))).toBe(60);
    expect(totalOf(await page(asked({ q: 'INV-15' })))).toBe(10);
    expect(totalOf(await page(asked({ state: 'skipped' })))).toBe(1);
    for (const sort of ['last', 'posting', 'document', 'system', 'state', 'attempts', 'amount'])
      expect(totalOf(await page(asked({ sort: `-${sort}` }))), sort).toBe(all);
    const first = await page(asked({ sort: 'posting' }));
    expect(first.indexOf('inv-shop==100')).toBeLessThan(first.indexOf('inv-shop==101'));
    expect(await page(asked({ q: 'nothing like it' }))).toContain('No posting matches');
    expect(await page('/postings')).toContain('Nothing was posted in the last 30 minutes');
  });

  it('takes what is no filter for text and never for SQL', async () => {
    const attack = `') OR 1=1 UNION ALL SELECT * FROM steps; DROP TABLE posting_states; --`;
    for (const name of ['system', 'entity', 'document', 'cause', 'q'])
      expect(totalOf(await page(asked({ [name]: attack }))), name).toBe(0);
    for (const name of ['state', 'sort', 'page', 'prevented', 'hide'])
      expect(totalOf(await page(asked({ [name]: attack }))), name).toBe(counted().length);
    for (const name of ['from', 'to', 'range']) expect(totalOf(await page(asked({ [name]: attack }))), name).toBe(0);
    expect(totalOf(await page(asked()))).toBe(counted().length);
  });

  it('exports what it lists, all pages of it', async () => {
    const response = await get(asked({ document: 'invoice' }).replace('/postings', '/postings/export.csv'));
    expect(response.headers.get('content-type')).toContain('text/csv');
    const lines = (await response.text()).trim().split('\r\n');
    expect(lines).toHaveLength(1 + 60);
    expect(lines[1]).toContain(',Invoice,INV-159,ERP,us-retail,#159,posted,1,10.5');
  });

  it('is what the failed postings of Live lead to, with the same window', async () => {
    const tile = /<a [^>]*tile-postings[^>]*>/.exec(await page(`/?${within.toString()}`))?.[0] ?? '';
    const to = /href="([^"]*)"/.exec(tile)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(to).toMatch(/^\/postings\?/);
    expect(totalOf(await page(to))).toBe(counted().filter(failing).length);
  });
});

describe('who may see postings', () => {
  it('sends a stranger to sign in', async () => {
    for (const path of ['/postings', '/postings/export.csv']) {
      const response = await fetch(`${app.url}${path}`, { redirect: 'manual' });
      expect(response.headers.get('location')).toContain('/sign-in');
    }
  });

  // Every role may see figures, so that nobody signed in is refused over HTTP.
  it.each([
    ['page', pageLoader],
    ['export', exportLoader],
  ] as const)('refuses the %s with 403 to whom no role allows figures', async (_, loader) => {
    const refused: unknown[] = [];
    const context = {
      ...app.console.services,
      viewer: { id: 'nobody', roles: [] },
      clientAddress: '',
      audit: { record: (entry: unknown) => refused.push(entry) },
    };
    const args = { request: new Request('http://127.0.0.1/postings'), params: {}, context };
    const call = async () => loader(args as unknown as LoaderFunctionArgs);
    await expect(call()).rejects.toMatchObject({ status: 403 });
    expect(refused).toHaveLength(1);
  });
});
