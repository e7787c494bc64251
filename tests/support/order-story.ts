import { caseEvent, type CaseEvent, type CaseState } from '#contracts/v1/case.ts';
import { stepEvent, type StepEvent } from '#contracts/v1/step-event.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';

const noon = Date.parse('2026-03-01T12:00:00.000Z');

/** So many minutes after the noon of the story. */
export const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

export interface OrderFixture {
  key: string;
  number: string;
  placed: number;
  channel: string;
  amount: string;
  currency: string;
  deadline: number | undefined;
}

/** A day's orders and cases, told event by event in minutes from noon, so that every figure can be worked out by hand. */
export interface OrderStory {
  readonly events: readonly StepEvent[];
  /** The next event of an order; completed at once unless `more` says otherwise. */
  add(order: OrderFixture, step: string, minutes: number, more?: Partial<StepEvent>): void;
  addCase(order: OrderFixture, id: string, fingerprint: string, story: CaseStory): void;
  /** Lands everything told so far. */
  land(clickhouse: ClickHouse): Promise<void>;
}

type CaseStory = readonly {
  type: CaseEvent['type'];
  minutes: number;
  more?: Partial<CaseState>;
  detail?: Record<string, string>;
}[];

export function createOrderStory(): OrderStory {
  const events: StepEvent[] = [];
  const caseEvents: CaseEvent[] = [];

  function add(order: OrderFixture, step: string, minutes: number, more: Partial<StepEvent> = {}) {
    const ordinal = events.filter((event) => event.key === order.key).length + 1;
    events.push(
      stepEvent.parse({
        v: 1,
        event_id: `${order.key}:${ordinal}`,
        ordinal,
        writer: 'fixture',
        trace_id: 'a'.repeat(32),
        span_id: ordinal.toString(16).padStart(16, '0'),
        parent_span_id: '',
        flow: 'order_to_cash',
        key: order.key,
        step,
        business_key: order.number,
        status: 'completed',
        attempt: 1,
        started_at: at(minutes),
        ended_at: at(minutes),
        occurred_at: at(order.placed),
        deadline: order.deadline === undefined ? '' : at(order.deadline),
        system: '',
        direction: 'internal',
        channel: order.channel,
        region: 'us',
        legal_entity: order.currency === 'EUR' ? 'eu-retail' : 'us-retail',
        brand: 'main',
        location: '',
        sku: '',
        amount: order.amount,
        currency: order.currency,
        error_class: '',
        error_code: '',
        error_path: '',
        error_message: '',
        case_id: '',
        payload_version: 1,
        origin: 'simulated',
        attributes: {},
        ...more,
      }),
    );
  }

  function addCase(order: OrderFixture, id: string, fingerprint: string, story: CaseStory) {
    let state: CaseState = {
      v: 1,
      case_id: id,
      status: 'open',
      revision: 0,
      flow: 'order_to_cash',
      key: order.key,
      trace_id: 'a'.repeat(32),
      business_key: order.number,
      step: 'erp_create_sales_order',
      system: 'netsuite',
      channel: order.channel,
      legal_entity: order.currency === 'EUR' ? 'eu-retail' : 'us-retail',
      fingerprint,
      problems: [
        {
          error_class: 'mapping',
          error_code: 'tax_code_unmapped',
          path: '/tax_lines/0/title',
          document: 'received',
          message: `Tax code of ${order.number} is not mapped.`,
          missing_mapping: { kind: 'tax_code', system: 'netsuite', code: 'TX-9' },
        },
      ],
      amount: order.amount,
      currency: order.currency,
      deadline: order.deadline === undefined ? '' : at(order.deadline),
      origin: 'simulated',
      assignee: '',
      payload_version: 1,
      failed_ordinal: 3,
      times_failed: 1,
      opened_at: at(story[0]?.minutes ?? 0),
      updated_at: at(0),
      closed_at: '',
      outcome: '',
    };
    for (const { type, minutes, more, detail } of story) {
      state = { ...state, ...more, revision: state.revision + 1, updated_at: at(minutes) };
      caseEvents.push(
        caseEvent.parse({
          v: 1,
          event_id: `${id}:${state.revision}`,
          type,
          at: at(minutes),
          actor: 'sam',
          note: '',
          detail: detail ?? {},
          writer: 'fixture',
          state,
        }),
      );
    }
  }

  async function land(clickhouse: ClickHouse): Promise<void> {
    const lines = (rows: readonly object[]) =>
      new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join('\n'));
    const read = {
      input_format_skip_unknown_fields: 1,
      input_format_null_as_default: 1,
      date_time_input_format: 'best_effort',
    };
    await clickhouse.insertRaw(
      'steps_landing',
      lines(
        events.map((event, i) => ({
          ...event,
          ended_at: event.ended_at || null,
          deadline: event.deadline || null,
          amount: event.amount || '0',
          stream_seq: i + 1,
          shard: 0,
        })),
      ),
      read,
    );
    await clickhouse.insertRaw(
      'cases_landing',
      lines(
        caseEvents.map((event, i) => ({ ...event, state: JSON.stringify(event.state), stream_seq: i + 1, shard: 0 })),
      ),
      read,
    );
  }

  return { events, add, addCase, land };
}
