import { expect, test } from 'vitest';
import { orderState } from '#tests/support/flow-view.ts';
import { testEstate } from '#tests/support/simulator.ts';
import type { PriceTerm } from '../../prices/in-force.ts';
import type { Outcome } from '../flow.ts';
import type { PriceData, PriceEnv, PriceView } from './price-data.ts';
import { createPriceFlow } from './price-flow.ts';

const term = (version: number, amount: string): PriceTerm => ({
  ...{ version, amount, currency: 'USD', starts_at: '2026-01-01T00:00:00.000Z' },
});
const envWith = (inForce: PriceTerm | undefined) =>
  ({ offers: () => true, prices: { inForce: () => Promise.resolve(inForce) } }) as unknown as PriceEnv;
const viewOf = (data: Partial<PriceData>, state: { may_exist?: true } = {}): PriceView => {
  const price = { ...term(1, '20.00'), schema_version: 1, channel: 'web-us', sku: 'A' };
  const whole = { intake_seq: 1, received: { intake_seq: 1 }, price, ...data } as PriceData;
  const { data: _, ...rest } = orderState();
  return { key: 'k', state: { ...rest, ...state, data: whole }, data: whole, estate: testEstate(), now: new Date() };
};

/** What a step of the flow answers. */
function run(name: string, view: PriceView, env: PriceEnv): Promise<Outcome<PriceData>> | Outcome<PriceData> {
  const step = createPriceFlow(env).steps.get(name);
  if (step?.kind !== 'inline') throw new Error(`${name} is no step of the engine's own`);
  return step.run(view, env);
}
function asked(name: string, env: PriceEnv) {
  const step = createPriceFlow(env).steps.get(name);
  if (step?.kind !== 'call') throw new Error(`${name} is no call`);
  return step.call;
}

const usual = { ...term(1, '20.00'), schema_version: 1 as const, channel: 'web-us', sku: 'A' };
const ends_at = '2027-02-01T00:00:00.000Z';

test.each([
  ['without an end', usual, 'close', 'publish_next_price', undefined],
  ['with an end', { ...usual, ends_at }, 'confirm_in_force', 'publish_price', 'wait_for_end'],
])(
  'a price %s that was set while another came into force has that one set again, until it is the one that was set',
  async (_name, price, looks, setsAgain, goesOn) => {
    const newer = term(2, '21.00');
    const env = envWith(newer);
    const { steps } = createPriceFlow(env);
    expect(steps.get('publish_price')?.next(viewOf({ price, told: true }))).toBe(looks);
    const replaced = await run(looks, viewOf({ price, told: true }), env);
    expect(replaced).toMatchObject({ status: 'superseded', data: { followed_by: newer } });
    expect(replaced).not.toHaveProperty('finish');

    const again = viewOf({ price, told: true, followed_by: newer });
    expect(steps.get(looks)?.next(again)).toBe(setsAgain);
    const call = asked(setsAgain, env);
    expect(await call.skip?.(again, env)).toBeUndefined();
    expect(await call.input(again, env)).toEqual({ sku: 'A', amount: '21.00', currency: 'USD' });
    expect(steps.get(setsAgain)?.next(again)).toBe(looks);

    const settled = await run(looks, again, env);
    expect(settled).toMatchObject({ status: 'completed', ...(goesOn === undefined ? { finish: true } : {}) });
    if (goesOn === undefined) return;
    expect(settled).not.toHaveProperty('finish');
    const data = 'data' in settled ? settled.data : undefined;
    expect(steps.get(looks)?.next(viewOf({ price, told: true, followed_by: newer, ...data }))).toBe(goesOn);
  },
);

test('a price of which the channel was told nothing is over without another word', async () => {
  expect(await run('close', viewOf({}), envWith(term(2, '21.00')))).toMatchObject({ finish: true });
});

test('an older version is not set, but where nobody knows whether it was, the one in force is set over it', async () => {
  const env = envWith(term(2, '21.00'));
  const call = asked('publish_price', env);
  expect(await call.skip?.(viewOf({}), env)).toBe('Version 2 is in force.');
  const doubtful = viewOf({}, { may_exist: true });
  expect(await call.skip?.(doubtful, env)).toBeUndefined();
  const input = await call.input(doubtful, env);
  expect(input).toEqual({ sku: 'A', amount: '21.00', currency: 'USD' });
  expect(call.done(doubtful, { amount: '21.00' }, input)).toMatchObject({ status: 'completed', data: { told: true } });
});

test('one that is over once a person corrected it is followed by the price that takes its place', () => {
  const price = { ...term(1, '20.00'), ends_at: '2026-02-01T00:00:00.000Z' };
  const over = viewOf({ price: { ...price, schema_version: 1, channel: 'web-us', sku: 'A' } });
  expect(createPriceFlow(envWith(undefined)).steps.get('validate')?.next(over)).toBe('choose_next_price');
});
