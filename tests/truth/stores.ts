import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Random } from './random.ts';
import { beginTransaction } from './transaction.ts';

const dayMs = 86_400_000;

/** Days of every store: batches, some of them told twice, takings, and the journal, posted or not. */
export function tellStores(world: { random: Random; estate: Estate; from: number; until: number }): StepEvent[] {
  const { random, estate, from, until } = world;
  const stores = estate.locations.filter(({ kind }) => kind === 'store');
  const events: StepEvent[] = [];
  for (let day = from - (from % dayMs); day < until; day += dayMs)
    for (const store of stores) {
      const opened = day + 8 * 3_600_000;
      const date = new Date(day).toISOString().slice(0, 10);
      const till = beginTransaction(
        {
          flow: 'store_settlement',
          key: `pos==${store.id}--${date}`,
          business_key: `${store.id} ${date}`,
          occurred_at: new Date(opened).toISOString(),
          location: store.id,
          region: store.region,
          legal_entity: store.legal_entity,
          brand: 'northwind',
          channel: 'stores',
        },
        until,
      );
      const batches = random.between(2, 6);
      for (let batch = 1; batch <= batches; batch++) {
        const at = opened + batch * 3_600_000 + random.between(0, 600_000);
        const attributes = {
          business_date: date,
          sequence: String((day / dayMs) * 10 + batch),
          transactions: String(random.between(1, 60)),
          backlog: String(random.chance(0.1) ? random.between(1, 400) : 0),
        };
        till.tell('batch_received', {
          at,
          took: 90,
          system: 'store-batches',
          direction: 'inbound',
          currency: 'USD',
          attributes,
        });
        if (random.chance(0.05))
          till.tell('batch_repeated', { at: at + 60_000, status: 'skipped', system: 'store-batches', attributes });
      }
      if (random.chance(0.08)) {
        events.push(...till.events);
        continue;
      }
      const closing = opened + 13 * 3_600_000;
      const takings = `${random.between(500, 20_000)}.${random.between(10, 99)}`;
      till.tell('reconcile_takings', {
        at: closing,
        took: 10,
        attributes: { business_date: date, takings, tax: '1.00' },
      });
      const posting = { document: 'journal', posting_key: `journal-${store.id}-${date}` };
      const erp = { system: 'netsuite', direction: 'outbound', amount: takings, currency: 'USD' } as const;
      till.tell('erp_post_journal', { at: closing + 500, running: true, ...erp, attributes: posting });
      const refused = random.chance(0.05);
      till.tell('erp_post_journal', {
        at: closing + 2_000,
        took: 1_500,
        ...erp,
        ...(refused
          ? {
              status: 'quarantined',
              error_class: 'rejected',
              error_code: 'PERIOD',
              error_message: 'Closed.',
              case_id: `case-${store.id}-${date}`,
            }
          : {}),
        attributes: refused ? posting : { ...posting, document_number: `JE-${store.id}-${date}` },
      });
      if (!refused) till.tell('close_day', { at: closing + 2_100 });
      events.push(...till.events);
    }
  return events;
}
