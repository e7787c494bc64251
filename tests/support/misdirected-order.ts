import type { Actor } from '#contracts/v1/commands.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { commandOf } from './commands.ts';
import { orderDraft, type TestEngine } from './engine.ts';
import { testSecret } from './simulator.ts';

const sam: Actor = { id: 'sam', roles: ['support'] };

/** An order that NetSuite refuses, because its tax is mapped to a code that NetSuite does not have. */
export async function misdirectedOrder(estate: TestEngine, id: number): Promise<{ key: string; caseId: string }> {
  const title = `Levy ${id}`;
  const mapping = { kind: 'tax_code' as const, system: 'netsuite', code: title, target: 'NO-SUCH-CODE' };
  await commandOf(estate.nc, 'mapping.put', { ...mapping, actor: sam, reason: 'a mistake' });
  const draft = orderDraft(estate.simulator, { id });
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title })) }));
  const key = await estate.placeOrder({ ...draft, lines });
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  return { key, caseId: events.at(-1)?.case_id ?? '' };
}

/** Somebody enters that order's sales order in NetSuite by hand. @returns its number there */
export async function enterByHand(estate: TestEngine, order: { key: string; caseId: string }): Promise<string> {
  const trial = await commandOf(estate.nc, 'case.dry-run', { actor: sam, case_id: order.caseId });
  const planned = trial.dry_run?.calls.find(({ step }) => step === 'erp_create_sales_order');
  const entered = await fetch(`${estate.simulator.url}/netsuite${planned?.path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${testSecret('NETSUITE_TOKEN')}`, 'content-type': 'application/json' },
    body: planned?.body.replaceAll('NO-SUCH-CODE', mappedTaxes[0]?.erpCode ?? '') ?? '',
  });
  if (entered.status !== 204) throw new Error(`NetSuite answered ${entered.status}: ${await entered.text()}`);
  const { salesOrders } = estate.simulator.state('netsuite')['netsuite'] as {
    salesOrders: { externalId: string; tranId: string }[];
  };
  return salesOrders.find(({ externalId }) => externalId === `so-${order.key}`)?.tranId ?? '';
}
