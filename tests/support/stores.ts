import { createHmac } from 'node:crypto';
import type { StoreBatch, TillTransaction } from '#contracts/v1/store.ts';
import type { TestEngine } from './engine.ts';
import { testSecret } from './simulator.ts';

/** Posts a batch as the tills' back office signs it. @returns its sequence on INTAKE. */
export const postBatch = (estate: Pick<TestEngine, 'intakeUrl'>, batch: object): Promise<number> =>
  post(estate, 'store.batch', JSON.stringify(batch));

/** Posts a batch written as POSLog. */
export const postPosLog = (estate: Pick<TestEngine, 'intakeUrl'>, xml: string): Promise<number> =>
  post(estate, 'store.poslog', xml);

async function post({ intakeUrl }: Pick<TestEngine, 'intakeUrl'>, topic: string, body: string): Promise<number> {
  const response = await fetch(`${intakeUrl}/intake/pos`, {
    method: 'POST',
    headers: {
      'content-type': topic === 'store.batch' ? 'application/json' : 'application/xml',
      'x-pos-system': 'store-batches',
      'x-pos-topic': topic,
      'x-pos-signature': createHmac('sha256', testSecret('STORE_BATCHES_SECRET')).update(body).digest('hex'),
    },
    body,
  });
  if (response.status !== 200) throw new Error(`intake answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { intake_seq: number }).intake_seq;
}

export const DAY = '2026-03-02';

export const batchOf = (store: string, sequence: number, rest: Partial<StoreBatch> = {}): StoreBatch => ({
  schema_version: 1,
  store,
  sequence,
  business_date: DAY,
  generated_at: `${DAY}T10:00:00.000Z`,
  currency: 'USD',
  backlog: 0,
  transactions: [],
  counts: [],
  ...rest,
});

/** A receipt of one item for 20.00 and 1.78 of tax. */
export const receipt = (
  id: string,
  sku: string,
  tender: 'cash' | 'card' | 'gift_card',
  kind: TillTransaction['kind'] = 'sale',
): TillTransaction => ({
  id,
  kind,
  at: `${DAY}T09:59:00.000Z`,
  lines: [{ sku, quantity: 1, net: '20.00', taxes: [{ code: 'NY', amount: '1.78' }] }],
  tenders: [{ tender, amount: '21.78' }],
});
