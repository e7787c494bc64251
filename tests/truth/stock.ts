import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Random } from './random.ts';
import { beginTransaction } from './transaction.ts';

interface StockWorld {
  random: Random;
  estate: Estate;
  from: number;
  until: number;
  cycles: number;
}

/** Publication cycles of a few hundred items, in the order their one writer tells them: changed, superseded, told, refused. */
export function tellStock({ random, estate, from, until, cycles }: StockWorld): StepEvent[] {
  const published = estate.channels.filter(
    ({ system }) => estate.systems.find(({ id }) => id === system)?.kind !== 'channel-api',
  );
  const places = [...new Set(published.flatMap(({ locations }) => locations))];
  const events: StepEvent[] = [];
  const step = (until - from) / cycles;
  const versions = new Map<string, number>();
  for (let n = 0; n < cycles; n++) {
    const sku = `SKU-${random.between(1, 300)}`;
    const location = random.pick(places);
    const item = `${sku}@${location}`;
    const told = published.filter(({ locations }) => locations.includes(location));
    let at = Math.floor(from + n * step + random.next() * step);
    const opened = at;
    const cycle = beginTransaction(
      {
        flow: 'inventory_sync',
        key: `stock==${sku}--${location}--${n}`,
        business_key: item,
        occurred_at: new Date(opened).toISOString(),
        location,
        sku,
        region: 'us',
        legal_entity: 'us-retail',
        brand: 'northwind',
        deadline: new Date(opened + estate.publication_target_s * 1_000).toISOString(),
      },
      until,
    );
    const quantities = () => {
      const onHand = random.between(0, 900);
      const reserved = random.between(0, Math.min(9, onHand));
      return {
        on_hand: String(onHand),
        reserved: String(reserved),
        sellable: String(onHand - reserved),
        in_transit: '0',
      };
    };
    const changes = random.between(1, 3);
    for (let change = 1; change <= changes; change++) {
      const version = (versions.get(item) ?? 0) + 1;
      versions.set(item, version);
      cycle.tell('stock_changed', {
        at,
        took: 2,
        status: change > 1 && random.chance(0.3) ? 'superseded' : 'completed',
        direction: 'inbound',
        system: 'wms-east',
        attributes: {
          ...quantities(),
          version: String(version),
          reason: 'sold',
          coalesced: '1',
          oldest_change_at: new Date(at).toISOString(),
          behind: told.map(({ id }) => id).join(' '),
        },
      });
      at += random.between(1, 200);
    }
    let behind = told.length;
    for (const channel of random.shuffle(told)) {
      if (random.chance(0.03)) continue;
      const took = random.between(50, 2_000);
      at += random.between(50, random.chance(0.05) ? 900_000 : 4_000) + took;
      const refused = random.chance(0.02);
      if (!refused) behind -= 1;
      cycle.tell('publish_availability', {
        at,
        took,
        status: refused ? 'failed' : 'completed',
        direction: 'outbound',
        system: channel.system,
        channel: channel.id,
        // Once every channel shows it, nothing is due any more.
        ...(behind === 0 ? { deadline: '' } : {}),
        ...(refused ? { error_class: 'rejected', error_code: 'stock_refused', error_message: 'Refused.' } : {}),
        attributes: {
          ...quantities(),
          quantity: String(random.between(0, 900)),
          version: String(versions.get(item) ?? 1),
          coalesced: String(changes),
          oldest_change_at: new Date(opened).toISOString(),
        },
      });
    }
    events.push(...cycle.events);
  }
  return events;
}
