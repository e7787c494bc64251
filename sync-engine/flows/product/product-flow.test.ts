import { expect, test } from 'vitest';
import type { Product } from '#contracts/v1/catalogue.ts';
import { orderState } from '#tests/support/flow-view.ts';
import { testEstate } from '#tests/support/simulator.ts';
import type { ProductData, ProductEnv, ProductView } from './product-data.ts';
import { createProductFlow } from './product-flow.ts';

const version = (minute: number, title: string): Product => ({
  ...{ schema_version: 1, sku: 'A', title, active: true, brand: 'northwind', unit_of_measure: 'EA' },
  updated_at: `2026-03-01T10:0${minute}:00.000Z`,
});
const [older, newer] = [version(1, 'Older'), version(2, 'Newer')];
const envWith = (known: Product | undefined) =>
  ({ offers: () => true, master: { currentProduct: () => Promise.resolve(known) } }) as unknown as ProductEnv;
const viewOf = (data: Partial<ProductData>, state: { may_exist?: true } = {}): ProductView => {
  const whole = { intake_seq: 1, received: { intake_seq: 1 }, product: older, ...data } as ProductData;
  const { data: _, dimensions, ...rest } = orderState();
  const at = { ...rest, dimensions: { ...dimensions, channel: 'web-us' }, ...state, data: whole };
  return { key: 'k', state: at, data: whole, estate: testEstate(), now: new Date() };
};
const steps = (env: ProductEnv) => {
  const { steps: all } = createProductFlow(env);
  const [publish, close] = [all.get('publish_product'), all.get('close')];
  if (publish?.kind !== 'call' || close?.kind !== 'inline') throw new Error('the steps are of other kinds');
  return { call: publish.call, close };
};

test('a version that was told while a newer one came has that one told again, until it is the one that was told', async () => {
  const env = envWith(newer);
  const { close } = steps(env);
  expect(await close.run(viewOf({ told: true }), env)).toMatchObject({
    status: 'superseded',
    data: { product: newer },
  });
  expect(close.next(viewOf({}))).toBe('publish_product');
  expect(await close.run(viewOf({ told: true, product: newer }), env)).toMatchObject({ finish: true });
  expect(await close.run(viewOf({}), env)).toMatchObject({ finish: true });
});

test('an older version is not told, but where nobody knows whether it was, the newest is told over it', async () => {
  const env = envWith(newer);
  const { call } = steps(env);
  expect(await call.skip?.(viewOf({}), env)).toBe(`The product was changed again at ${newer.updated_at}.`);
  const doubtful = viewOf({}, { may_exist: true });
  expect(await call.skip?.(doubtful, env)).toBeUndefined();
  const input = await call.input(doubtful, env);
  expect(input).toEqual({ sku: 'A', title: 'Newer', active: true });
  expect(call.done(doubtful, { title: 'Newer' }, input)).toMatchObject({ status: 'completed', data: { told: true } });
});

test('an older version ends unread, but one that a person corrected goes on to where the newest is told over it', async () => {
  const headers = { 'syncline-system': 'netsuite', 'syncline-resource': 'v1/products/A' };
  const { sku: _, schema_version: __, ...said } = version(1, 'Corrected');
  const message = { headers, body: Buffer.from(JSON.stringify(said)) };
  const env = { ...envWith(newer), messages: { read: () => Promise.resolve(message) } } as unknown as ProductEnv;
  const validate = createProductFlow(env).steps.get('validate');
  if (validate?.kind !== 'inline') throw new Error('validate is no step of the engine’s own');
  const view = viewOf({});
  const { product: ___, ...unread } = view.data;
  expect(await validate.run({ ...view, data: unread }, env)).toMatchObject({ status: 'superseded', finish: true });
  const corrected = await validate.run(view, env);
  expect(corrected).toMatchObject({ status: 'completed', data: { product: { title: 'Corrected' } } });
  expect(corrected).not.toHaveProperty('finish');
});

test('a version that the item master no longer knows is told all the same', async () => {
  const { call } = steps(envWith(undefined));
  expect(await call.skip?.(viewOf({}), envWith(undefined))).toBeUndefined();
});
