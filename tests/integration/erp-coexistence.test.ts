import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { silentLog } from '#platform/log.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { testEstate } from '../support/simulator.ts';

/** One company's orders move from one ERP to another while traffic runs; its other books stay. */
const movedAt = new Date(Date.now() - 60_000).toISOString();

/** The estate with a second ERP, which took the orders of the US company over a minute ago. */
function migrating(base: Estate): Estate {
  const systems = base.systems.flatMap((system) =>
    system.id === 'netsuite'
      ? [system, { ...system, id: 'second-erp', base_url: system.base_url.replace(/netsuite$/, 'second-erp') }]
      : [system],
  );
  const move = { from: movedAt, erp: 'second-erp', erp_subsidiary: '77', domains: ['orders' as const] };
  const legal_entities = base.legal_entities.map((entity) =>
    entity.id === 'us-retail' ? { ...entity, moves: [move] } : entity,
  );
  return { ...base, systems, legal_entities };
}

interface Ledger {
  salesOrders: { externalId: string }[];
  invoices: { externalId: string }[];
}
const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';

let estate: TestEngine;
beforeAll(async () => {
  estate = await startEngine({ simulator: { estate: migrating(testEstate()) }, estate: migrating });
  const master = await createMasterData(estate.nc, silentLog);
  const changed = { changed_by: 'test', changed_at: new Date().toISOString(), reason: 'test' };
  for (const { title, erpCode } of mappedTaxes)
    await master.putMapping({ kind: 'tax_code', system: 'second-erp', code: title, target: erpCode, ...changed });
  master.stop();
}, 60_000);
afterAll(() => estate.close());

const booked = (erp: string, key: string) => {
  const { salesOrders, invoices } = estate.simulator.state(erp)[erp] as unknown as Ledger;
  const of = (documents: { externalId: string }[]) => documents.filter(({ externalId }) => externalId.includes(key));
  return { salesOrders: of(salesOrders).length, invoices: of(invoices).length };
};

describe('an ERP that takes over', () => {
  test('has every document of the orders placed since, and the former one none of them', async () => {
    const key = await estate.placeOrder({ id: 61_001, placedAt: new Date() });
    const events = await estate.until(key, isSettled);
    expect(booked('second-erp', key)).toEqual({ salesOrders: 1, invoices: 1 });
    expect(booked('netsuite', key)).toEqual({ salesOrders: 0, invoices: 0 });
    const posted = events.filter(({ step, status }) => step.startsWith('erp_') && status === 'completed');
    expect(posted.map(({ system }) => system)).toEqual(['second-erp', 'second-erp']);
  });

  test('leaves what was placed before to the former one, to the last invoice', async () => {
    const key = await estate.placeOrder({ id: 61_002, placedAt: new Date(Date.parse(movedAt) - 1_000) });
    await estate.until(key, isSettled);
    expect(booked('netsuite', key)).toEqual({ salesOrders: 1, invoices: 1 });
    expect(booked('second-erp', key)).toEqual({ salesOrders: 0, invoices: 0 });
  });
});
