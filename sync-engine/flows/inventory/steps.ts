import { createHash } from 'node:crypto';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { joinCauses } from '#contracts/v1/stock-cause.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Outcome } from '#sync-engine/stock/cycle.ts';

export interface StepContext {
  estate: Estate;
  /** Origin of what this process does itself; changes say where they come from. */
  origin: StepEvent['origin'];
  /** Stands in `writer`: steps are derived from the journal, so any writer of the partition writes the same ones. */
  partition: number;
}

const hex = (text: string, digits: number): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** Transaction key of an item's publication cycle. */
export const cycleKey = (outcome: Pick<Outcome, 'sku' | 'location' | 'cycle'>): string =>
  transactionKey('stock', `${outcome.sku}@${outcome.location}@${outcome.cycle}`);

/** The step event of one outcome. Pure, ids included: publishing it twice publishes the same event. */
export function toStepEvent(outcome: Outcome, context: StepContext): StepEvent {
  const key = cycleKey(outcome);
  const eventId = `${key}:${outcome.ordinal}`;
  const location = context.estate.locations.find((candidate) => candidate.id === outcome.location);
  return {
    v: 1,
    event_id: eventId,
    ordinal: outcome.ordinal,
    writer: `stock.${context.partition}`,
    trace_id: hex(key, 32),
    span_id: hex(eventId, 16),
    parent_span_id: outcome.ordinal === 1 ? '' : hex(`${key}:1`, 16),
    flow: 'inventory_sync',
    key,
    business_key: `${outcome.sku}@${outcome.location}`,
    attempt: 1,
    started_at: outcome.at,
    ended_at: outcome.at,
    occurred_at: outcome.occurredAt,
    deadline: outcome.closes ? '' : deadline(outcome, context.estate),
    system: '',
    channel: '',
    region: location?.region ?? '',
    legal_entity: location?.legal_entity ?? '',
    brand: '',
    location: outcome.location,
    sku: outcome.sku,
    amount: '',
    currency: '',
    error_class: '',
    error_code: '',
    error_path: '',
    error_message: '',
    case_id: '',
    payload_version: 0,
    origin: outcome.origin === 'live' ? context.origin : outcome.origin,
    ...particulars(outcome, context.estate),
  };
}

const deadline = (outcome: Outcome, estate: Estate): string =>
  new Date(Date.parse(outcome.occurredAt) + estate.publication_target_s * 1000).toISOString();

type Particulars = Pick<StepEvent, 'step' | 'status' | 'direction' | 'attributes'> & Partial<StepEvent>;

function particulars(outcome: Outcome, estate: Estate): Particulars {
  const { detail } = outcome;
  const attributes = {
    ref_sku: outcome.sku,
    version: String(outcome.version),
    on_hand: String(outcome.onHand),
    reserved: String(outcome.reserved),
    in_transit: String(outcome.inTransit),
    sellable: String(outcome.sellable),
  };
  switch (detail.kind) {
    case 'changed':
      return {
        step: 'stock_changed',
        status: detail.superseded ? 'superseded' : 'completed',
        direction: 'inbound',
        attributes: {
          ...attributes,
          reason: detail.reasons.join(' ') || 'superseded',
          ...(detail.causes.length > 0 && { caused_by: joinCauses(detail.causes) }),
          coalesced: String(detail.coalesced),
          oldest_change_at: detail.changedAt,
          // Channels that must be called: whoever is not named here shows this quantity already.
          behind: outcome.behind.join(' '),
        },
      };
    case 'published': {
      const channel = estate.channels.find((candidate) => candidate.id === detail.channel);
      return {
        step: 'publish_availability',
        status: detail.error ? 'failed' : 'completed',
        direction: 'outbound',
        started_at: detail.sentAt,
        ended_at: detail.confirmedAt,
        occurred_at: detail.oldestChangeAt,
        system: channel?.system ?? '',
        channel: detail.channel,
        brand: channel?.brand ?? '',
        error_class: detail.error ? 'rejected' : '',
        error_code: detail.error?.code ?? '',
        error_message: detail.error?.message ?? '',
        attributes: {
          ...attributes,
          version: String(detail.version),
          quantity: String(detail.quantity),
          oldest_change_at: detail.oldestChangeAt,
        },
      };
    }
    case 'continued':
      return {
        step: 'publish_availability',
        status: 'superseded',
        direction: 'outbound',
        attributes: { ...attributes, reason: `continued in a new cycle; behind: ${detail.behind.join(' ')}` },
      };
  }
}
