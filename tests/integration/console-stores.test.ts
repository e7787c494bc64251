import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallEstate, startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
let app: TestConsole;
const [first] = smallEstate.locations;

beforeAll(async () => {
  if (first === undefined) throw new Error('an estate without locations');
  const store = { ...first, id: 'store-001', name: 'Fifth Avenue', kind: 'store' as const };
  app = await startConsole({ estate: { ...smallEstate, locations: [...smallEstate.locations, store] } });
  await app.users.create({ email: 'view@example.com', name: 'Vera View', roles: ['viewer'], password });
}, 60_000);
afterAll(() => app.close());

it('shows who may see figures every store, one that was never heard of too, and a page of each', async () => {
  const cookie = await app.signIn('view@example.com', password);
  const get = (path: string) => fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie } });
  const list = await get('/stores');
  expect(list.status).toBe(200);
  const page = await list.text();
  expect(page).toContain('Fifth Avenue');
  expect(page).toContain('never heard of');
  const own = await get('/stores/store-001');
  expect(own.status).toBe(200);
  expect(await own.text()).toContain('Nothing has come from this store within 14 days');
  expect((await get('/stores/store-404')).status).toBe(404);
});

it('has the stores that are asked for as CSV', async () => {
  const cookie = await app.signIn('view@example.com', password);
  const csv = async (search: string) => {
    const response = await fetch(`${app.url}/stores/export.csv${search}`, { redirect: 'manual', headers: { cookie } });
    expect(response.headers.get('content-type')).toContain('text/csv');
    return (await response.text()).trim().split('\r\n');
  };
  const [head, ...rows] = await csv('');
  expect(head).toMatch(/^\uFEFF?Store,Id,Line,Last batch \(UTC\),/);
  expect(rows).toEqual(['Fifth Avenue,store-001,never heard of,,,,,,,,,0,owned,us,US']);
  expect(await csv('?q=fifth&state=never+heard+of')).toHaveLength(2);
  expect(await csv('?state=silent')).toHaveLength(1);
});

it('sends a stranger to sign in', async () => {
  for (const path of ['/stores', '/stores/export.csv']) {
    const response = await fetch(`${app.url}${path}`, { redirect: 'manual' });
    expect(response.headers.get('location'), path).toContain('/sign-in');
  }
});
