import { describe, expect, test } from 'vitest';
import { orderView } from '#tests/support/flow-view.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { Call } from './flow.ts';
import { createPassOver, type PassOverOptions } from './pass-over.ts';

const prepared = { method: 'POST', path: '/orders', headers: {}, body: '{}' };
const call = (input: () => Promise<unknown> = () => Promise.resolve({})): Call<never, object> => ({
  verb: 'create_sales_order',
  system: () => 'netsuite',
  input,
  done: () => ({ status: 'completed' }),
});

function tried(connectors: Partial<PassOverOptions['connectors']>, asked = call(), passed_over: string[] = []) {
  const passOver = createPassOver({
    connectors: { offers: () => true, looksFirst: () => false, prepareUnsent: () => prepared, ...connectors },
    documents: { keepExchange: () => Promise.resolve(7) },
    now: () => new Date(),
  });
  const view = orderView({ passed_over }) as never;
  return passOver({ view, env: {}, step: 'erp_create_sales_order', after: 3, call: asked });
}

const defect = () => Promise.reject(new TypeError('x is undefined'));
const refusal = (retryable: boolean) => () => {
  throw new ConnectorError({ errorClass: 'rejected', code: 'NO', message: 'No.', retryable, mayHaveHappened: false });
};

describe('of a call that is passed over it is told', () => {
  test('what would have been sent', async () => {
    expect(await tried({})).toEqual({ passed_over: 'would_send', payload_seq: '7' });
  });

  test('what would have stopped it: a refusal before it is sent, a verb that nobody offers, a defect of ours', async () => {
    const stop = (stop_class: string, stop_code: string) => ({ passed_over: 'would_stop', stop_class, stop_code });
    expect(await tried({ prepareUnsent: refusal(false) })).toMatchObject(stop('rejected', 'NO'));
    expect(await tried({ offers: () => false })).toMatchObject(stop('rejected', 'NOT_OFFERED'));
    expect(await tried({}, call(defect))).toMatchObject(stop('internal', 'TypeError'));
  });

  test('nothing where it depends on what nobody answered: to itself, or to a call that was passed over before', async () => {
    const unknown = { passed_over: 'unknown' };
    expect(await tried({ looksFirst: () => true })).toEqual(unknown);
    expect(await tried({ prepareUnsent: refusal(true) })).toEqual(unknown);
    expect(await tried({}, call(defect), ['netsuite'])).toEqual(unknown);
  });
});
