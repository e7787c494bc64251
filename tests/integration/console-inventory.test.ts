import type { LoaderFunctionArgs } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDuration } from '#app/format.ts';
import { historyAsked, rangeOf } from '#app/inventory/paths.ts';
import { presentSku } from '#app/presenters/sku.ts';
import { loader as exportLoader } from '#app/routes/inventory.export[.]csv.ts';
import { loader as changeExportLoader } from '#app/routes/stock-changes.export[.]csv.ts';
import { loader as pageLoader } from '#app/routes/_console.inventory._index.tsx';
import { loader as skuLoader } from '#app/routes/_console.inventory.$sku.tsx';
import { loader as changesLoader } from '#app/routes/_console.stock-changes._index.tsx';
import type { AppContext } from '#app/server/context.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { smallEstate, startConsole, type TestConsole } from '#tests/support/console.ts';
import { at } from '../support/order-story.ts';
import { createStockStory, seeded } from '../support/stock-story.ts';

const password = 'a long enough password';
const locations = ['dc', 'east', 'shop-1'];
const [dc, web] = [smallEstate.locations[0], smallEstate.channels[0]];
if (dc === undefined || web === undefined) throw new Error('the small estate has a location and a channel');
const estate: Estate = {
  ...smallEstate,
  systems: [
    ...smallEstate.systems,
    { ...(smallEstate.systems[0] as Estate['systems'][number]), id: 'shop-eu', name: 'Shop Europe' },
    { ...(smallEstate.systems[0] as Estate['systems'][number]), id: 'partner', name: 'Partner', kind: 'channel-api' },
  ],
  locations: locations.map((id, index) => ({ ...dc, id, name: id.toUpperCase(), safety_stock: index })),
  channels: [
    { ...web, locations },
    { ...web, id: 'web-eu', name: 'Web Europe', system: 'shop-eu', locations: ['dc', 'east'], allocation_percent: 60 },
    { ...web, id: 'partner', name: 'Partner', system: 'partner', locations: ['dc'], allocation_percent: 50 },
  ],
};
const channelsOf = { dc: ['web', 'web-eu'], east: ['web', 'web-eu'], 'shop-1': ['web'] };
const hour = { from: at(0), to: at(60) };
const now = at(60);
const targetMs = estate.publication_target_s * 1_000;
const within = new URLSearchParams({ range: 'custom', ...hour });
const story = createStockStory(channelsOf);
let app: TestConsole;
let cookie: string;

/** Random trading before and within the hour, and what lies on its edges. */
function tell(): void {
  const random = seeded(20_260_301);
  for (let turn = 0; turn < 900; turn++) {
    const minutes = -20 + (turn * 80) / 900;
    const sku = `SKU-${String(random(60)).padStart(3, '0')}`;
    const location = locations[random(3)] ?? 'dc';
    const channels = channelsOf[location as keyof typeof channelsOf];
    const happened = minutes - random(40) / 10;
    const origin = random(20) === 0 ? { origin: 'backfill' as const } : {};
    const kind = random(10);
    if (kind === 0) story.late(sku, location, minutes);
    else {
      const onHand = random(30) - 2;
      story.change(sku, location, minutes, {
        onHand,
        reserved: random(3),
        inTransit: random(5),
        happened,
        spared: random(4) === 0 ? [channels[0] ?? ''] : [],
        ...origin,
      });
      const version = story.items.get(`${sku}@${location}`)?.version ?? 1;
      for (const channel of channels)
        if (random(5) > 0)
          story.publish(sku, location, channel, minutes + random(20) / 60, {
            version: random(8) === 0 ? Math.max(1, version - 1) : version,
            oldest: happened - random(3),
            quantity: random(20),
            refused: random(25) === 0,
            skipped: random(25) === 0,
            ...origin,
          });
    }
  }
  story.change('EDGE', 'dc', 0, { onHand: 9, reserved: 1, by: 'order:shop%3D%3D1001 wms:count-7' });
  story.publish('EDGE', 'dc', 'web', 60, { oldest: 59, quantity: 8 });
  // Exactly the target ago: not longer than it.
  story.change('JUST', 'dc', 58, { onHand: 5, happened: 59 });
  story.late('EDGE', 'dc', 0);
  story.late('EDGE', 'dc', 60);
  story.late('EDGE', 'dc', -0.001);
}

const atOf = (event: StepEvent) => Date.parse(event.ended_at || event.started_at);
const inHour = (event: StepEvent) => atOf(event) >= Date.parse(hour.from) && atOf(event) < Date.parse(hour.to);
const counted = () => story.events.filter((event) => inHour(event) && event.origin !== 'backfill');
const version = (event: StepEvent) => Number(event.attributes['version']);
const published = () =>
  counted().filter(({ step, status }) => step === 'publish_availability' && status === 'completed');
const superseded = () => counted().filter(({ step, status }) => step === 'stock_changed' && status === 'superseded');

interface Item {
  sku: string;
  location: string;
  channel: string;
  due: number;
  since: number;
  confirmed: number;
}
/** Every item's standing, from the raw events alone. */
function items(): (Item & { state: string })[] {
  const known = new Map<string, Item>();
  const item = ({ sku, location }: StepEvent, channel: string): Item => {
    const key = `${sku} ${location} ${channel}`;
    const one = known.get(key) ?? { sku, location, channel, due: 0, since: 0, confirmed: 0 };
    known.set(key, one);
    return one;
  };
  for (const event of story.events) {
    if (event.step === 'stock_changed' && event.status === 'completed')
      for (const channel of (event.attributes['behind'] ?? '').split(' ').filter((one) => one !== '')) {
        const one = item(event, channel);
        one.due = Math.max(one.due, version(event));
        one.since = Math.max(one.since, Date.parse(event.occurred_at));
      }
    if (event.step === 'publish_availability' && ['completed', 'skipped'].includes(event.status)) {
      const one = item(event, event.channel);
      one.confirmed = Math.max(one.confirmed, version(event));
    }
  }
  return [...known.values()].map((one) => ({
    ...one,
    state: one.due <= one.confirmed ? 'fresh' : one.since < Date.parse(now) - targetMs ? 'stale' : 'waiting',
  }));
}
const having = (state: string) => items().filter((one) => one.state === state);
/** The value that a share of all values lies below, as ClickHouse takes it: no interpolation. */
const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? NaN;
const latencyOf = (event: StepEvent) => atOf(event) - Date.parse(event.occurred_at);

const get = (path: string) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } });
/** The text of a page, without the marks that React leaves between its parts. */
const page = async (path: string) => {
  const response = await get(path);
  expect(response.status, path).toBe(200);
  return (await response.text()).replaceAll('<!-- -->', '');
};
const totalOf = (text: string) =>
  Number(/(?:Items|Events|History) <span[^>]*>([\d,]+)<\/span>/.exec(text)?.[1]?.replaceAll(',', ''));
const asked = (more: Record<string, string> = {}, path = '/inventory') =>
  `${path}?${new URLSearchParams({ ...Object.fromEntries(within), ...more }).toString()}`;
const tileOf = (text: string, id: string) => {
  const tile = new RegExp(`<a [^>]*tile-${id}".*?</a>`).exec(text)?.[0] ?? '';
  return {
    to: /href="([^"]*)"/.exec(tile)?.[1]?.replaceAll('&amp;', '&') ?? '',
    text: tile.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '),
  };
};
/** Every count on a map that leads somewhere: what it says and where to. */
function countsOf(text: string): { count: number; what: string; to: string }[] {
  return [...text.matchAll(/<a [^>]*>/g)].flatMap(([tag]) => {
    const [, count = '', what = ''] = /aria-label="([\d,]+) ((?:stale|items|publications): [^"]*)"/.exec(tag) ?? [];
    const to = /href="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? '';
    return count === '' ? [] : [{ count: Number(count.replaceAll(',', '')), what, to }];
  });
}

beforeAll(async () => {
  app = await startConsole({ estate });
  app.console.services.now = () => new Date(now);
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  cookie = await app.signIn('view@example.com', password);
  tell();
  await story.land(app.clickhouse.clickhouse);
}, 60_000);
afterAll(() => app.close());

describe('the page of inventory', () => {
  it('has the figures that the raw events give', async () => {
    const text = await page(asked());
    expect(having('stale').length).toBeGreaterThan(10);
    expect(having('waiting').length).toBeGreaterThan(0);
    expect(totalOf(text)).toBe(items().length);
    expect(tileOf(text, 'freshness').text).toContain(`${items().length} items`);
    expect(tileOf(text, 'stale').text).toContain(`Stale items ${having('stale').length} items`);
    expect(tileOf(text, 'stale').text).toContain(`${having('waiting').length} waiting within target`);
    const latencies = published().map(latencyOf);
    expect(tileOf(text, 'publication').text).toContain(
      `p50 ${formatDuration(quantile(latencies, 0.5))}, p99 ${formatDuration(quantile(latencies, 0.99))}, ${latencies.length} told`,
    );
    expect(tileOf(text, 'superseded').text).toContain(`Superseded updates ${superseded().length} updates`);
  });

  it('calls an item stale once it has waited longer than the target, not just as long', async () => {
    expect(items().filter(({ sku }) => sku === 'JUST')).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
    expect(totalOf(await page(asked({ state: 'waiting', q: 'just' })))).toBe(2);
    expect(totalOf(await page(asked({ state: 'stale', q: 'just' })))).toBe(0);
  });

  it('leads from every tile to a list of just as many', async () => {
    const text = await page(asked());
    expect(totalOf(await page(tileOf(text, 'freshness').to))).toBe(items().length);
    expect(totalOf(await page(tileOf(text, 'stale').to))).toBe(having('stale').length);
    expect(totalOf(await page(tileOf(text, 'publication').to))).toBe(published().length);
    expect(totalOf(await page(tileOf(text, 'superseded').to))).toBe(superseded().length);
  });

  it('shows each place and channel with what is stale there, and leads to just as many', async () => {
    const counts = countsOf(await page(asked()));
    const nameOf = (channel: string) => estate.channels.find(({ id }) => id === channel)?.name ?? '';
    for (const location of locations)
      for (const channel of channelsOf[location as keyof typeof channelsOf]) {
        const own = items().filter((one) => one.location === location && one.channel === channel);
        const stale = own.filter(({ state }) => state === 'stale').length;
        const label = `${stale > 0 ? 'stale' : 'items'}: ${location.toUpperCase()}, ${nameOf(channel)}`;
        expect(counts).toContainEqual(
          expect.objectContaining({ what: expect.stringContaining(label) as string, count: stale || own.length }),
        );
      }
    expect(counts).toHaveLength(5 + 3);
    for (const { count, what, to } of counts) expect(totalOf(await page(to)), what).toBe(count);
  });

  it('shows each place and time with its latency, and leads to the publications behind it', async () => {
    const cells = countsOf(await page(asked({ map: 'latency' })));
    const groups = new Map<string, number[]>();
    for (const event of published()) {
      // An hour is told in parts of two minutes, so that each is wide enough to be clicked.
      const bucket = Math.floor(atOf(event) / 120_000);
      const group = `${event.location} ${bucket}`;
      groups.set(group, [...(groups.get(group) ?? []), latencyOf(event)]);
    }
    expect(cells.map(({ count, what }) => `${count} ${what.split(',')[1] ?? ''}`).sort()).toEqual(
      [...groups.values()].map((own) => `${own.length}  p95 ${formatDuration(quantile(own, 0.95))}`).sort(),
    );
    for (const { count, what, to } of cells.slice(0, 12)) expect(totalOf(await page(to)), what).toBe(count);
  });

  it('is the same hour in whatever zone its ends are written', async () => {
    const zoned = { from: '2026-03-01T21:30:00.000+09:30', to: '2026-03-01T08:00:00.000-05:00' };
    expect(new Date(zoned.from).toISOString()).toBe(hour.from);
    expect(totalOf(await page(asked({ ...zoned, kind: 'published' }, '/stock-changes')))).toBe(published().length);
  });

  it('keeps filter, order and page in the address', async () => {
    const all = items();
    expect(await page(asked({ page: '2' }))).toContain(`51 to 100 of ${all.length}`);
    const some = all.filter(({ channel, state }) => channel === 'web-eu' && state === 'fresh');
    expect(totalOf(await page(asked({ channel: 'web-eu', state: 'fresh' })))).toBe(some.length);
    const found = all.filter(({ sku }) => sku.startsWith('SKU-01'));
    expect(totalOf(await page(asked({ q: 'sku-01' })))).toBe(found.length);
    for (const sort of ['since', 'sku', 'location', 'channel', 'confirmed'])
      expect(totalOf(await page(asked({ sort: `-${sort}` }))), sort).toBe(all.length);
    expect(await page(asked({ q: 'nothing like it' }))).toContain('No item is like this');
  });

  it('takes what is no filter for text and never for SQL', async () => {
    const attack = `') OR 1=1 UNION ALL SELECT * FROM steps; DROP TABLE inventory_items; --`;
    for (const name of ['channel', 'location', 'q'])
      for (const path of ['/inventory', '/stock-changes'])
        expect(totalOf(await page(asked({ [name]: attack }, path))), name).toBe(0);
    for (const name of ['state', 'sort', 'page', 'map', 'hide'])
      expect(totalOf(await page(asked({ [name]: attack }))), name).toBe(items().length);
    expect((await get(`/inventory/${encodeURIComponent(attack)}`)).status).toBe(404);
  });

  it('exports what it lists, all pages of it', async () => {
    const lines = async (path: string) => (await (await get(path)).text()).trim().split('\r\n');
    expect(await lines(asked({ state: 'stale' }, '/inventory/export.csv'))).toHaveLength(1 + having('stale').length);
    const told = await lines(asked({ kind: 'published' }, '/stock-changes/export.csv'));
    expect(told).toHaveLength(1 + published().length);
  });

  it('is what the freshness of Live leads to', async () => {
    const { to } = tileOf(await page(`/?${within.toString()}`), 'freshness');
    expect(new URLSearchParams(to.split('?')[1]).get('state')).toBe('stale');
    expect(totalOf(await page(to))).toBe(having('stale').length);
  });
});

describe('the page of a SKU', () => {
  /** The cells of the table that takes it apart, row by row, without what stands beside a figure. */
  const rowsOf = (text: string) => {
    const table = /aria-label="Availability taken apart".*?<\/table>/.exec(text)?.[0] ?? '';
    return [...table.matchAll(/<tr>(.*?)<\/tr>/g)]
      .slice(1)
      .map(([, row = '']) =>
        [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, one = '']) => one.replace(/<[^>]*>/g, ' ').trim()),
      );
  };

  it('takes it apart at each location so that it adds up, and says what each channel was told', async () => {
    const skus = [...new Set(items().map(({ sku }) => sku))].slice(0, 8);
    for (const sku of skus) {
      const rows = rowsOf(await page(asked({}, `/inventory/${sku}`)));
      let row = 0;
      for (const [index, location] of locations.entries()) {
        const item = story.items.get(`${sku}@${location}`);
        if (item === undefined || item.version === 0) continue;
        const left = Math.max(0, item.onHand - item.reserved - index);
        for (const channel of estate.channels.filter((one) => one.locations.includes(location))) {
          const cells = rows[row++] ?? [];
          const offer = cells.slice(-7);
          const told = item.told[channel.id];
          expect(offer.slice(0, 3), `${sku} ${location}`).toEqual([
            channel.name,
            `${channel.allocation_percent} %`,
            String(Math.floor((left * channel.allocation_percent) / 100)),
          ]);
          const due = items().find((one) => one.sku === sku && one.location === location && one.channel === channel.id);
          expect(offer[3]).toBe(due === undefined || told === undefined ? '–' : String(told.quantity));
          expect(offer[5]).toContain(due?.state ?? 'is not told');
          if (cells.length > 7)
            expect(cells.slice(1, 6).map((one) => one.split(' ')[0])).toEqual(
              [item.onHand, item.reserved, index, left, item.inTransit].map(String),
            );
        }
      }
      expect(rows).toHaveLength(row);
    }
  });

  it('tells every event of it within the half-open window, backfill too, with the orders behind it', async () => {
    for (const sku of ['SKU-001', 'SKU-007', 'EDGE']) {
      const own = story.events.filter((event) => event.sku === sku && inHour(event));
      expect(totalOf(await page(asked({}, `/inventory/${sku}`))), sku).toBe(own.length);
    }
    const text = await page(asked({}, '/inventory/EDGE'));
    expect(text).toContain('href="/orders/shop%3D%3D1001"');
    expect(text).toContain('count-7');
  });

  it('leads from what is drawn of its changes and publications to just as many', async () => {
    for (const sku of ['SKU-001', 'SKU-007', 'EDGE']) {
      const view = await presentSku(app.console.services as unknown as AppContext, sku, within);
      const drawn = view.activity.flatMap(({ points }) => points.map(({ value }) => value ?? 0));
      const path = historyAsked(view.path, rangeOf(hour.from, hour.to), view.activityKinds);
      expect(totalOf(await page(path)), sku).toBe(drawn.reduce((sum, one) => sum + one, 0));
    }
  });

  it('draws what was on hand at the end of each whole bucket, also where nothing changed since before', async () => {
    const part = new URLSearchParams({ range: 'custom', from: at(20.5), to: hour.to });
    let known = 0;
    for (const sku of ['SKU-003', 'SKU-011', 'SKU-042', 'EDGE']) {
      const view = await presentSku(app.console.services as unknown as AppContext, sku, part);
      for (const { id, points } of view.onHand)
        for (const { at: start, value } of points) {
          const end = Date.parse(start) + view.bucketSeconds * 1_000;
          const last = story.events
            .filter(({ step, status }) => step === 'stock_changed' && status === 'completed')
            .filter((event) => event.sku === sku && event.location === id && atOf(event) < end)
            .sort((a, b) => version(a) - version(b))
            .at(-1);
          expect(value, `${sku} ${id} ${start}`).toBe(last === undefined ? null : Number(last.attributes['on_hand']));
          known += 1;
        }
    }
    expect(known).toBeGreaterThan(100);
  });

  it('hides a person’s data in what a channel answered', async () => {
    const text = await page(asked({ kind: 'refused' }, '/stock-changes'));
    expect(text).toContain('UNKNOWN_ITEM: It is not carried');
    expect(text).not.toContain('kim@example.com');
  });

  it('carries the time range to the list of items and back', async () => {
    const carried = `?${within.toString()}`.replaceAll('&', '&amp;');
    expect(await page(asked({ q: 'EDGE' }))).toContain(`href="/inventory/EDGE${carried}"`);
    expect(await page(asked({}, '/stock-changes'))).toContain(`href="/inventory${carried}"`);
    expect(await page(asked({}, '/inventory/EDGE'))).toContain(`href="/inventory${carried}"`);
  });

  it('is not there for a SKU without stock', async () => {
    expect((await get('/inventory/NO-SUCH')).status).toBe(404);
  });
});

describe('who may see inventory', () => {
  // Every role may see figures, so that nobody signed in is refused over HTTP.
  it.each([
    ['/inventory', pageLoader],
    ['/inventory/EDGE', skuLoader],
    ['/stock-changes', changesLoader],
    ['/inventory/export.csv', exportLoader],
    ['/stock-changes/export.csv', changeExportLoader],
  ] as const)('sends a stranger from %s to sign in and refuses whom no role allows figures', async (path, loader) => {
    const response = await fetch(`${app.url}${path}`, { redirect: 'manual' });
    expect(response.headers.get('location')).toContain('/sign-in');
    const context = {
      ...app.console.services,
      viewer: { id: 'nobody', roles: [] },
      clientAddress: '',
      audit: { record: () => undefined },
    };
    const args = { request: new Request(`http://127.0.0.1${path}`), params: {}, context };
    const call = async () => loader(args as unknown as LoaderFunctionArgs);
    await expect(call()).rejects.toMatchObject({ status: 403 });
  });
});
