import type { StepEvent } from '#contracts/v1/step-event.ts';
import { at, createOrderStory } from './order-story.ts';

/** A repeatable source of numbers below `most`. */
export function seeded(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

interface Item {
  sku: string;
  location: string;
  version: number;
  onHand: number;
  reserved: number;
  inTransit: number;
  /** Version that each channel confirmed, and what it was told. */
  told: Record<string, { version: number; quantity: number }>;
}

/** An hour of stock, told event by event in minutes from noon: changes, publications, refusals, late changes. */
export function createStockStory(channelsOf: Record<string, readonly string[]>) {
  const story = createOrderStory();
  const items = new Map<string, Item>();

  const itemOf = (sku: string, location: string): Item => {
    const key = `${sku}@${location}`;
    const known = items.get(key) ?? { sku, location, version: 0, onHand: 0, reserved: 0, inTransit: 0, told: {} };
    items.set(key, known);
    return known;
  };

  function tell(item: Item, step: string, minutes: number, happened: number, more: Partial<StepEvent>) {
    const { attributes, ...rest } = more;
    story.add(
      {
        key: `stock==${item.sku}@${item.location}`,
        number: `${item.sku}@${item.location}`,
        placed: happened,
        channel: '',
        amount: '',
        currency: 'USD',
        deadline: undefined,
      },
      step,
      minutes,
      {
        flow: 'inventory_sync',
        currency: '',
        sku: item.sku,
        location: item.location,
        attributes: {
          version: String(item.version),
          on_hand: String(item.onHand),
          reserved: String(item.reserved),
          in_transit: String(item.inTransit),
          sellable: String(Math.max(0, item.onHand - item.reserved)),
          ...attributes,
        },
        ...rest,
      },
    );
  }

  return {
    events: story.events,
    items,
    land: story.land,
    /** Stock changes; every channel of the place is to be told, but for those that are `spared`. */
    change(
      sku: string,
      location: string,
      minutes: number,
      more: Partial<Item> & { happened?: number; spared?: string[]; origin?: StepEvent['origin']; by?: string } = {},
    ) {
      const item = itemOf(sku, location);
      const { happened, spared = [], origin, by, ...figures } = more;
      Object.assign(item, figures);
      item.version++;
      const behind = (channelsOf[location] ?? []).filter((channel) => !spared.includes(channel));
      tell(item, 'stock_changed', minutes, happened ?? minutes, {
        ...(origin && { origin }),
        attributes: {
          reason: 'count',
          coalesced: '1',
          behind: behind.join(' '),
          ...(by !== undefined && { caused_by: by }),
        },
      });
    },
    /** A change that came after a newer one of its source. */
    late(sku: string, location: string, minutes: number) {
      tell(itemOf(sku, location), 'stock_changed', minutes, minutes, {
        status: 'superseded',
        attributes: { reason: 'superseded', coalesced: '1' },
      });
    },
    /** A channel is told `version` of the item and answers: it confirms, or refuses. */
    publish(
      sku: string,
      location: string,
      channel: string,
      minutes: number,
      more: {
        version?: number;
        oldest: number;
        quantity: number;
        refused?: boolean;
        skipped?: boolean;
        origin?: StepEvent['origin'];
      },
    ) {
      const item = itemOf(sku, location);
      const version = more.version ?? item.version;
      if (more.refused !== true) item.told[channel] = { version, quantity: more.quantity };
      tell(item, 'publish_availability', minutes, more.oldest, {
        channel,
        ...(more.origin && { origin: more.origin }),
        status: more.refused === true ? 'failed' : more.skipped === true ? 'skipped' : 'completed',
        ...(more.refused === true && {
          error_class: 'rejected' as const,
          error_code: 'UNKNOWN_ITEM',
          error_message: 'It is not carried, says kim@example.com.',
        }),
        attributes: { version: String(version), quantity: String(more.quantity), oldest_change_at: at(more.oldest) },
      });
    },
  };
}
