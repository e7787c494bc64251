import type { CaseState } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { isTransactionKey } from '#contracts/v1/key.ts';
import type { Rates } from '#platform/rates.ts';
import type { Documents } from '../documents.ts';
import type { FulfilmentArrivals } from '../arrivals/fulfilment-arrivals.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { FULFILMENT_MESSAGE, isOfMessage, type MessageData, type MessageEnv } from '../flows/message.ts';
import type { OrderData } from '../flows/order/order-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Runners } from '../flows/runners.ts';
import type { Head } from '../flows/state.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import { exceedsOnePerson, type Worth } from '../one-person.ts';
import { isOutage } from '../outage.ts';
import { Refusal } from '../refusal.ts';

export interface ReplayConditionsOptions {
  estate: Pick<Estate, 'policies' | 'systems'>;
  rates: Pick<Rates, 'today'>;
  log: TransactionLog;
  documents: Pick<Documents, 'received'>;
  messages: Pick<MessageEnv['messages'], 'read'>;
  fulfilment: Pick<FulfilmentArrivals, 'orderOf'>;
  runners: Runners;
  kinds: Pick<Kinds, 'orderFormat'>;
}

const NOTHING: Worth = { amount: '', currency: '' };

/** What has to hold before a case may be replayed, whoever asks and for however many. */
export class ReplayConditions {
  readonly #options: ReplayConditionsOptions;

  constructor(options: ReplayConditionsOptions) {
    this.#options = options;
  }

  /**
   * What a replay of this case moves, where that is more than one person may: by what the case says, or by the payload
   * that is to be replayed, which a correction may have made worth more. Undefined where one person is enough.
   */
  async moreThanOnePerson(
    state: CaseState,
    corrected: { document_seq: number } | undefined,
  ): Promise<Worth | undefined> {
    const { estate, runners } = this.#options;
    const runner = runners.get(state.flow);
    if (runner === undefined) return undefined;
    const step = runner.flow.steps.get(state.step);
    if (step?.kind === 'inline' && step.secondPerson === true)
      return { amount: state.amount, currency: state.currency };
    if (estate.policies.second_person_above === undefined) return undefined;
    // Messages about an order move goods and stock; the order itself posts the money.
    if (isOfMessage(runner.flow, state.step)) return undefined;
    const worth = await this.#worth(runner, state, corrected);
    const rates = this.#options.rates.today();
    if (!exceedsOnePerson(state, estate, rates) && !exceedsOnePerson(worth, estate, rates)) return undefined;
    return worth.amount === '' ? { amount: state.amount, currency: state.currency } : worth;
  }

  /** What the payload comes to once it is understood; nothing where it is not, for then it moves no money either. */
  async #worth(
    runner: Runner<unknown, unknown>,
    state: CaseState,
    corrected: { document_seq: number } | undefined,
  ): Promise<Worth> {
    const head = await this.#options.log.reload<MessageData>(state.flow, state.key);
    if (head === undefined) return NOTHING;
    const { flow } = runner;
    const view = runner.view(head);
    const data = corrected === undefined ? head.state.data : { ...head.state.data, received: corrected };
    try {
      const read = await flow.payload?.understand({ ...view, data }, flow.env);
      if (read === undefined) return NOTHING;
      return ('problems' in read ? read.canonical?.money : read.money) ?? NOTHING;
    } catch (error) {
      if (isOutage(error)) throw error;
    }
    return NOTHING;
  }

  /**
   * @param corrected where the payload version to be replayed lies, where it is not the one in force.
   * @param wish.run one of many: a run is not told to wait for an order that somebody holds.
   * @throws Refusal `another_case_first` or `stale_payload`, with what to do about it.
   */
  async demand(
    state: CaseState,
    corrected: { document_seq: number } | undefined,
    { overrideStale, run }: { overrideStale: boolean; run?: string },
  ): Promise<void> {
    if (state.flow !== 'order_to_cash') return;
    if (state.step === FULFILMENT_MESSAGE) return this.#demandParent(state, corrected);
    const head = await this.#options.log.reload<OrderData>('order_to_cash', state.key);
    if (head === undefined) return;
    const { held } = head.state;
    if (held !== undefined && run !== undefined)
      throw new Refusal('refused', `${held.by} holds this order: release it first, then replay it by itself.`);
    if (!overrideStale) await this.#demandNewest(head, corrected);
  }

  /** A shipment or delivery waits until its order can take it. */
  async #demandParent(state: CaseState, corrected: { document_seq: number } | undefined): Promise<void> {
    const { log, messages, fulfilment } = this.#options;
    const own = await log.reload<MessageData>(state.flow, state.key);
    if (own === undefined) return;
    const data = corrected === undefined ? own.state.data : { ...own.state.data, received: corrected };
    const key = await fulfilment.orderOf(await messages.read(data));
    if (key === undefined || !isTransactionKey(key)) return;
    // Another system carries the order: nothing here could be replayed first, and the message ends with its replay.
    if (await log.isToldByOthers('order_to_cash', key)) return;
    const order = await log.reload('order_to_cash', key);
    const first = order?.state.blocked_by;
    if (first === undefined) return;
    throw new Refusal(
      'refused',
      `Order ${order?.state.dimensions.business_key} is stopped by case ${first}. Replay that one first: this message belongs to the order and can only follow it.`,
      { because: 'another_case_first' },
    );
  }

  /** The channel has changed the order since, in what we carry. */
  async #demandNewest(head: Head<OrderData>, corrected: { document_seq: number } | undefined): Promise<void> {
    const { documents, estate } = this.#options;
    const { signals, data } = head.state;
    const updates = signals.flatMap((id) => (id.startsWith('update:') ? [Number(id.slice('update:'.length))] : []));
    const newest = Math.max(0, ...updates);
    const source = estate.systems.find(({ id }) => id === data.source);
    const { edits } = this.#options.kinds.orderFormat(data.source);
    if (newest === 0 || source === undefined || edits === undefined) return;
    const [mine, theirs] = await Promise.all([
      documents.received(corrected ?? data.received),
      // What is no longer kept cannot be compared, nor sent.
      documents.received({ intake_seq: newest }).catch(() => undefined),
    ]);
    const edited = theirs === undefined ? [] : edits(mine, theirs);
    if (edited.length === 0) return;
    const named = edited.slice(0, 5).join(', ') + (edited.length > 5 ? ` and ${edited.length - 5} more` : '');
    throw new Refusal(
      'refused',
      `${source.name} has a newer version of this order, which differs at ${named}. Take that version over and correct it, or replay this one all the same and say why.`,
      { because: 'stale_payload' },
    );
  }
}
