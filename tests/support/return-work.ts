import { expect } from 'vitest';
import type { CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { caseState } from './cases.ts';
import { commandOf } from './commands.ts';
import { orderDraft, type TestEngine } from './engine.ts';
import { openMarketplace, postReceipt } from './returns.ts';

export const support = { id: 'sam', roles: ['support' as const] };

/** What a return goes through that is only credited, since its channel gives the money back itself. */
export const CREDITED_ONLY = [
  'intake_received completed',
  'authorise completed',
  'inspect completed',
  'disposition completed',
  'approve_refund skipped',
  'erp_post_credit started',
  'erp_post_credit completed',
  'channel_refund skipped',
  'close completed',
];

/** What comes before its order is held for two seconds. */
export const heldBriefly = (estate: Estate): Estate => ({
  ...estate,
  policies: { ...estate.policies, hold_early_signals_s: 2 },
});

/** Returns of one estate from every way in: the orders they are of, the goods that come back, and who works on their cases. */
export async function openReturns(engine: TestEngine) {
  const market = await openMarketplace(engine);
  let nextId = 88_000;

  const replay = async (caseId: string): Promise<Extract<CommandReply, { ok: true }>> => {
    const { revision } = await caseState(engine, caseId);
    return commandOf(engine.nc, 'case.replay', { actor: support, case_id: caseId, revision });
  };

  return {
    market,
    newId: () => ++nextId,
    replay,

    /** Corrects the payload of a case and has it replayed. */
    correct: async (caseId: string, payload: object): Promise<void> => {
      const { revision } = await caseState(engine, caseId);
      const fix: CommandRequest<'case.fix'> = {
        actor: support,
        case_id: caseId,
        revision,
        payload: JSON.stringify(payload),
        reason: 'the warehouse told us',
      };
      await commandOf(engine.nc, 'case.fix', fix);
      await replay(caseId);
    },

    /** The warehouse says that goods of an order came back. */
    receive: async (reference: string, quantity: number, more: object = {}, line: object = {}): Promise<void> => {
      const [item] = engine.simulator.catalogue.active;
      const lines = [
        { line_id: 'L1', sku: item?.sku, quantity, condition: 'sellable', reason_code: 'changed_mind', ...line },
      ];
      const response = await postReceipt(engine, { reference, lines, ...more });
      expect(response.status).toBe(200);
    },

    /** An order of the US shop whose one line of two units costs 300.00 each, with 8.00 postage. @returns its key and line. */
    shopOrder: async (id: number, unitCents = 30_000) => {
      const draft = orderDraft(engine.simulator, { id });
      const [line] = draft.lines;
      if (line === undefined) throw new Error('an order without lines');
      const priced = { ...line, unitCents, taxes: line.taxes.map((tax) => ({ ...tax, cents: 1_234 })) };
      const key = await engine.placeOrder({
        ...draft,
        lines: [priced],
        shipping: draft.shipping.map((charge) => ({ ...charge, cents: 800 })),
      });
      await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
      return { key, line: String(line.id), sku: line.sku };
    },

    /** The capture of the payment for an order of the US shop. */
    captureOf: (id: number) =>
      engine.simulator.systems.shops
        .get('shopify-us')
        ?.orders.get(String(id))
        ?.transactions.find(({ kind }) => kind === 'capture'),

    /** Units of the first item in the warehouse that returns come back to. */
    onHand: async (): Promise<number> => {
      const [item] = engine.simulator.catalogue.active;
      const stock = createStockClient(engine.nc, engine.estate);
      const positions = await stock.positions([item?.sku ?? '']);
      return positions.find(({ location }) => location === 'dc-east')?.on_hand ?? 0;
    },

    /** The stop of the first transaction whose key begins so, `except` one. */
    firstQuarantined: async (prefix: string, except?: string): Promise<StepEvent> => {
      const consumer = await engine.js.consumers.get('STEPS', { filter_subjects: 'steps.*.return_to_refund.*' });
      const messages = await consumer.consume();
      let found: StepEvent | undefined;
      for await (const message of messages) {
        const event = message.json<StepEvent>();
        if (event.status !== 'quarantined' || !event.key.startsWith(prefix) || event.key === except) continue;
        found = event;
        break;
      }
      messages.stop();
      if (found === undefined) throw new Error(`nothing of ${prefix} is a case`);
      return found;
    },
  };
}

export type TestReturns = Awaited<ReturnType<typeof openReturns>>;

export const completed = (events: StepEvent[]): string[] =>
  events.filter(({ status }) => status === 'completed').map(({ step }) => step);

/** The last stop of a return. @throws where it never stopped */
export const quarantine = (events: StepEvent[]): StepEvent => {
  const found = events.findLast(({ status }) => status === 'quarantined');
  if (found === undefined) throw new Error('nothing was quarantined');
  return found;
};

/** The one line of an order of the marketplace, so many of it. */
export const someOf = (quantity: number, more: object = {}) => [
  { line_id: 'L1', quantity, reason_code: 'changed_mind', ...more },
];
