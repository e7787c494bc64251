import { createHash } from 'node:crypto';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Arrival } from '../arrivals/arrival.ts';
import type { Flow, InlineStep } from './flow.ts';
import type { Runner } from './runner.ts';
import type { FlowState } from './state.ts';

/** Where a message lies: its headers on INTAKE, its body there too or, once corrected, on PAYLOADS. */
export interface MessageData {
  intake_seq: number;
  received: { intake_seq: number } | { document_seq: number };
}

export const messageData = ({ seq }: Arrival): MessageData => ({ intake_seq: seq, received: { intake_seq: seq } });

export interface MessageEnv {
  messages: {
    /** The message with its body in the version in force. */
    read(data: MessageData): Promise<Arrival>;
    /** Applies it. @returns what is wrong with it, or why it changed nothing, as a newer one had been applied. */
    apply(arrival: Arrival): Promise<{ problems: CaseProblem[] } | { superseded: string } | 'applied'>;
  };
}

/**
 * The step of a message that no transaction could take: a shipment of an unknown order, a stock change of an unknown
 * SKU. It tries to apply the message; a replay tries again.
 */
export function messageStep<Data extends MessageData, Env extends MessageEnv>(name: string): InlineStep<Data, Env> {
  return {
    kind: 'inline',
    name,
    ofMessage: true,
    next: () => name,
    run: async (view, { messages }) => {
      const applied = await messages.apply(await messages.read(view.data));
      if (applied === 'applied') return { status: 'completed', finish: true };
      if ('superseded' in applied)
        return { status: 'superseded', attributes: { reason: applied.superseded }, finish: true };
      const [first, ...rest] = applied.problems;
      if (first === undefined) throw new Error('a message was refused without a problem');
      return { status: 'quarantined', problems: [first, ...rest] };
    },
  };
}

/** Is a case at this step of a message that can only be applied, with nothing in it that could be tried? */
export function isOfMessage(flow: Flow<unknown, unknown>, stepName: string): boolean {
  const step = flow.steps.get(stepName);
  return flow.payload === undefined || (step?.kind === 'inline' && step.ofMessage === true);
}

export const STOCK_MESSAGE = 'apply_stock_change';
export const FULFILMENT_MESSAGE = 'apply_fulfilment_message';
export const PAYMENT_MESSAGE = 'confirm_payment';

/** inventory_sync of stock changes that could not be applied at once; the others are the stock's own. */
export const createStockMessageFlow = (env: MessageEnv): Flow<MessageData, MessageEnv> => ({
  name: 'inventory_sync',
  steps: new Map([[STOCK_MESSAGE, messageStep<MessageData, MessageEnv>(STOCK_MESSAGE)]]),
  deadline: () => '',
  cancelled: 'cancelled',
  env,
});

/** Begins the transaction of a message that could not be applied. Repeating it is harmless. */
export async function startMessage<Data extends MessageData, Env>(
  runner: Runner<Data, Env>,
  stepName: string,
  { headers, seq }: Arrival,
  data: Data,
  { name = `intake-${seq}`, dimensions = {} }: { name?: string; dimensions?: Partial<FlowState['dimensions']> } = {},
): Promise<void> {
  const key = transactionKey(headers['syncline-system'], name);
  const digest = createHash('sha256').update(key).digest('hex');
  const at = headers['syncline-received-at'];
  const state: FlowState<Data> = {
    step: stepName,
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
      business_key: `${headers['syncline-topic']} ${seq}`,
      occurred_at: at,
      channel: '',
      region: '',
      legal_entity: '',
      brand: '',
      location: '',
      sku: '',
      amount: '',
      currency: '',
      origin: headers['syncline-origin'],
      ...dimensions,
    },
    deadline: '',
    data,
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
    attributes: { intake_seq: String(seq), topic: headers['syncline-topic'] },
  });
}
