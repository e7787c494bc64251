import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { jetstreamManager } from '@nats-io/jetstream';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';

const MINUTE_MS = 60_000;
/** Closed cases came over a year, open ones over two weeks. */
const CLOSED_EVERY_MS = (365 * 24 * 60 * MINUTE_MS) / 300_000;
const OPEN_EVERY_MS = (14 * 24 * 60 * MINUTE_MS) / 100_000;
const CAUSES = 400;
/** Steps that stop orders, each with the system it waits for. */
const stops = [
  ['validate', ''],
  ['map_tax_codes', 'netsuite'],
  ['erp_create_sales_order', 'netsuite'],
  ['wms_release', 'dc-east'],
  ['capture_payment', 'payments'],
] as const;
const people = ['', '', 'sam@syncline.example', 'ines@syncline.example', 'ola@syncline.example'];
const currencies = ['USD', 'EUR', 'GBP'];

const hex = (n: number, length: number) => n.toString(16).padStart(length, '0');
export const pick = <T>(from: readonly [T, ...T[]] | readonly T[], n: number): T => {
  const one = from[n % from.length];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};
export const causeOfCase = (n: number): string => hex(0xc0ffee00 + ((n * n) % CAUSES), 16);

/** Case number `n` as it was opened; a third of all causes miss a mapping. */
function opened(n: number, at: Date): CaseState {
  const cause = (n * n) % CAUSES;
  const [step, system] = pick(stops, cause);
  const time = at.toISOString();
  return {
    v: 1,
    // Ids are hashes of the order and the step: they do not come in the order of time.
    case_id: `c-${hex(Math.imul(n + 1, 0x9e3779b1) >>> 0, 8)}-${hex(n, 6)}`,
    status: 'open',
    revision: 1,
    flow: 'order_to_cash',
    key: transactionKey('shopify-us', String(5_000_000_000 + n)),
    trace_id: hex(n + 1, 32),
    business_key: `#${1_000_000 + n}`,
    step,
    system,
    channel: 'shopify-us',
    legal_entity: 'northwind-us',
    fingerprint: causeOfCase(n),
    problems: [
      {
        error_class: pick(errorClass.options, cause),
        error_code: `code_${cause}`,
        path: `/line_items/${n % 5}/tax_lines/0/title`,
        document: 'received',
        message: `Line ${1 + (n % 5)} of order #${1_000_000 + n} names the tax code TX-${cause}, which ${system || 'nobody'} does not know.`,
        ...(cause % 3 === 0 ? { missing_mapping: { kind: 'tax_code', system: 'netsuite', code: `TX-${cause}` } } : {}),
      },
    ],
    amount: (20 + ((n * 37) % 90_000) / 100).toFixed(2),
    currency: pick(currencies, n),
    deadline: n % 7 === 0 ? '' : new Date(at.getTime() + (1 + (n % 96)) * 60 * MINUTE_MS).toISOString(),
    origin: 'live',
    assignee: '',
    payload_version: 1,
    failed_ordinal: 5,
    times_failed: 1,
    opened_at: time,
    updated_at: time,
    closed_at: '',
    outcome: '',
  };
}

export interface CasePublisher {
  /** Publishes `closed` cases that were opened and resolved, and `open` ones of which three in five are assigned. @returns events. */
  fill(counts: { closed: number; open: number }): Promise<number>;
  /** Publishes `perSecond` changes to open cases until the signal aborts. */
  disturb(perSecond: number, signal: AbortSignal): Promise<void>;
}

export async function createCasePublisher(nc: NatsConnection): Promise<CasePublisher> {
  const manager = await jetstreamManager(nc);
  const now = Date.now();
  const latest: CaseState[] = [];
  let sent = 0;

  const send = (state: CaseState, type: CaseEvent['type'], actor: string) => {
    const event: CaseEvent = {
      v: 1,
      event_id: `${state.case_id}:${state.revision}`,
      type,
      at: state.updated_at,
      actor,
      note: '',
      detail: {},
      writer: 'bench',
      state,
    };
    nc.publish(subjects.case(state.case_id), JSON.stringify(event));
    sent++;
  };

  async function stored(): Promise<void> {
    await nc.flush();
    while ((await manager.streams.info(streams.cases)).state.messages < sent) await delay(5);
  }

  return {
    async fill({ closed, open }) {
      for (let n = 0; n < closed + open; n++) {
        const isClosed = n < closed;
        const age = isClosed ? (closed - n) * CLOSED_EVERY_MS : (closed + open - n) * OPEN_EVERY_MS;
        const state = opened(n, new Date(now - age));
        send(state, 'opened', 'syncline');
        const later = new Date(Date.parse(state.opened_at) + 20 * MINUTE_MS).toISOString();
        const changed = { ...state, revision: 2, updated_at: later };
        const assignee = pick(people, n);
        if (isClosed) send({ ...changed, status: 'resolved', closed_at: later }, 'resolved', 'syncline');
        else if (assignee === '') latest.push(state);
        else {
          const assigned = { ...changed, status: 'assigned' as const, assignee };
          send(assigned, 'assigned', assignee);
          latest.push(assigned);
        }
        // What JetStream has not stored yet queues up in the server; keep that short.
        if (n % 2_000 === 1_999) await stored();
      }
      await stored();
      return sent;
    },
    async disturb(perSecond, signal) {
      for (let i = 0; !signal.aborted; i++) {
        const place = (i * 7_919) % latest.length;
        const state = latest[place];
        if (state === undefined) throw new Error('nothing to disturb');
        const changed = { ...state, revision: state.revision + 1, updated_at: new Date().toISOString() };
        latest[place] = changed;
        send(changed, 'commented', 'sam@syncline.example');
        await delay(1_000 / perSecond);
      }
      await stored();
    },
  };
}
