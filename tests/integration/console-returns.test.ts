import { afterAll, beforeAll, expect, it } from 'vitest';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { at, createOrderStory } from '../support/order-story.ts';

/** The story's minutes are counted from its own noon; the page looks back from now. */
const now = (Date.now() - Date.parse(at(0))) / 60_000;
const DAY = 24 * 60;

const password = 'a long enough password';
let app: TestConsole;

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
  const story = createOrderStory();
  const asked = (number: string, placed: number) => ({
    key: `shop==return-${number}`,
    number,
    placed: now + placed,
    channel: 'web',
    amount: '',
    currency: '',
    deadline: now + placed + DAY,
  });
  const order = { ref_order_key: 'shop==77', ref_order_number: '#77' };
  const tell = (number: string, placed: number, step: string, more: object = {}) =>
    story.add(asked(number, placed), step, now + placed + 1, { flow: 'return_to_refund', attributes: order, ...more });
  tell('RMA-LATE', -2 * DAY, 'authorise');
  tell('RMA-WAITS', -5, 'authorise');
  tell('RMA-STOPPED', -4, 'inspect', { status: 'quarantined', case_id: 'c1', error_class: 'totals' });
  tell('RMA-DONE', -60, 'close', { amount: '12.34', currency: 'USD' });
  await story.land(app.clickhouse.clickhouse);
}, 60_000);
afterAll(() => app.close());

it('lists returns with their orders, those past their time first, and by what troubles them', async () => {
  const cookie = await app.signIn('view@example.com', password);
  const page = async (search: string) =>
    (await fetch(`${app.url}/returns${search}`, { redirect: 'manual', headers: { cookie } })).text();
  const all = await page('');
  const places = ['RMA-LATE', 'RMA-STOPPED', 'RMA-WAITS', 'RMA-DONE'].map((number) => all.indexOf(`>${number}<`));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(all).toContain('/orders/shop%3D%3D77');
  expect(all).toContain('/quarantine/c1');
  const stuck = await page('?problem=stuck');
  expect(stuck).toContain('>RMA-LATE<');
  expect(stuck).not.toContain('>RMA-WAITS<');
  expect(await page('?problem=case')).not.toContain('>RMA-LATE<');
});

it('sends a stranger to sign in', async () => {
  const response = await fetch(`${app.url}/returns`, { redirect: 'manual' });
  expect(response.headers.get('location')).toContain('/sign-in');
});
