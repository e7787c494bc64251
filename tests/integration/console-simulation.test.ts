import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulationOf } from '#app/presenters/simulation.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { smallEstate, startConsole, type TestConsole } from '#tests/support/console.ts';

const password = 'a long enough password';
const real: Estate = { ...smallEstate, simulated: false };
let app: TestConsole;
let cookie: string;

beforeAll(async () => {
  app = await startConsole({ estate: real });
  await app.users.create({ email: 'ops@example.com', name: 'Olga Ops', roles: ['operations'], password });
  cookie = await app.signIn('ops@example.com', password);
});
afterAll(() => app.close());

/** As a console that starts now would answer. */
const simulation = (estate: Estate) =>
  simulationOf({
    estate,
    read: (query, params) => runQuery(app.clickhouse.clickhouse, query, params),
    now: () => new Date(),
  });

const land = async (key: string, origin: 'live' | 'simulated') => {
  const step = {
    event_id: `${key}:1`,
    ordinal: 1,
    trace_id: 'a'.repeat(32),
    flow: 'order_to_cash',
    key,
    step: 'intake_received',
    status: 'completed',
    origin,
    started_at: '2026-03-01T12:00:00.000Z',
    ended_at: '2026-03-01T12:00:00.100Z',
    occurred_at: '2026-03-01T11:59:59.000Z',
  };
  await app.clickhouse.clickhouse.insertRaw('steps_landing', Buffer.from(JSON.stringify(step)), {
    date_time_input_format: 'best_effort',
  });
};

describe('FEATURE the badge that figures are simulated', () => {
  it('is on no page of a real estate', async () => {
    await land('shop==1', 'live');
    expect(await simulation(real)).toBe('none');
    for (const path of ['/', '/?wall=1', '/sign-in']) {
      const page = await (await fetch(`${app.url}${path}`, path === '/sign-in' ? {} : { headers: { cookie } })).text();
      expect(page.replace(/<script[^]*/, ''), path).not.toMatch(/simulated[<)]/);
    }
  });

  it('is on the pages of a simulated estate, whatever has arrived', async () => {
    expect(await simulation(smallEstate)).toBe('estate');
  });

  it('says of a real estate that some data is simulated, for as long as such data is kept', async () => {
    await land('shop==2', 'simulated');
    expect(await simulation(real)).toBe('data');
  });
});
