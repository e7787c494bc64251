import { createHash } from 'node:crypto';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StoreBatch } from '#contracts/v1/store.ts';
import type { Runner } from '../flows/runner.ts';
import type { FlowState } from '../flows/state.ts';
import { storeOf } from '../flows/store/rules/check-batch.ts';
import { emptyStoreData, type StoreData, type StoreEnv } from '../flows/store/store-data.ts';
import { messageData } from '../flows/message.ts';
import type { Arrival } from './arrival.ts';

/** Begins the transaction of a store's day, unless it exists. */
export async function beginDay(
  runner: Runner<StoreData, StoreEnv>,
  estate: Estate,
  key: string,
  arrival: Arrival,
  batch: StoreBatch,
): Promise<void> {
  const { headers, seq } = arrival;
  const at = headers['syncline-received-at'];
  const store = storeOf(estate, batch.store);
  const digest = createHash('sha256').update(key).digest('hex');
  const state: FlowState<StoreData> = {
    step: 'batch_received',
    phase: 'forward',
    effects: [],
    attempt: 0,
    failures: 0,
    inbox: [],
    signals: [],
    sla_class: 'standard',
    payload_version: 1,
    trace_id: digest.slice(0, 32),
    root_span_id: digest.slice(32, 48),
    dimensions: {
      business_key: `${batch.store} ${batch.business_date}`,
      occurred_at: batch.generated_at,
      channel: '',
      region: store?.region ?? '',
      legal_entity: store?.legal_entity ?? '',
      brand: '',
      location: batch.store,
      sku: '',
      amount: '',
      currency: batch.currency,
      origin: headers['syncline-origin'],
    },
    deadline: '',
    data: {
      ...emptyStoreData(messageData(arrival)),
      store: batch.store,
      business_date: batch.business_date,
      currency: batch.currency,
    },
  };
  await runner.start(key, state, {
    step: 'intake_received',
    status: 'completed',
    attempt: 1,
    system: headers['syncline-system'],
    direction: 'inbound',
    started_at: at,
    ended_at: at,
    span_id: state.root_span_id,
    parent_span_id: '',
    attributes: { intake_seq: String(seq), topic: headers['syncline-topic'], business_date: batch.business_date },
  });
}

/**
 * Has the day taken this batch before, or another under its number?
 * @param arrival of a repeated delivery, which the day is to show.
 */
export async function repeatedBatch(
  runner: Runner<StoreData, StoreEnv>,
  key: string,
  id: string,
  arrival: Arrival | undefined,
): Promise<'new' | 'same' | 'other'> {
  const number = id.slice(0, id.lastIndexOf(':') + 1);
  let found: 'new' | 'same' | 'other' = 'new';
  await runner.amend(key, ({ state, now }) => {
    const known = state.signals.find((signal) => signal.startsWith(number));
    found = known === undefined ? 'new' : known === id ? 'same' : 'other';
    if (found !== 'same' || arrival === undefined) return 'nothing';
    const at = now.toISOString();
    return {
      record: {
        step: 'batch_repeated',
        status: 'superseded',
        attempt: 1,
        system: arrival.headers['syncline-system'],
        direction: 'inbound',
        started_at: at,
        ended_at: at,
        attributes: { intake_seq: String(arrival.seq), reason: 'This batch had been taken before.' },
      },
      state,
    };
  });
  return found;
}
