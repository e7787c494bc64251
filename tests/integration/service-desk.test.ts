import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { caseState } from '../support/cases.ts';
import { commandOf, controlSimulator } from '../support/commands.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';

interface Ticket {
  externalId: string;
  subject: string;
  status: string;
  tags: string[];
  comments: { body: string; public: boolean }[];
}

const actor = { id: 'sam', roles: ['support' as const] };
const isSettled = (event: StepEvent) => event.step === 'settle' && event.status === 'completed';
const isQuarantined = (event: StepEvent) => event.status === 'quarantined';
/** An order's ticket follows within moments; on a busy machine they are longer. */
const soon = { timeout: 30_000, interval: 50 };

let estate: TestEngine;
let nextId = 640_000;
beforeAll(async () => {
  estate = await startEngine({
    estate: (given) => ({
      ...given,
      systems: given.systems.map((system) =>
        system.id === 'zendesk'
          ? { ...system, retry: { max_attempts: 5, initial_delay_s: 0.05, max_delay_s: 0.2 } }
          : system,
      ),
    }),
  });
}, 60_000);
afterAll(() => estate.close());

const tickets = (key: string): Ticket[] =>
  (estate.simulator.state('zendesk')['zendesk'] as { tickets: Ticket[] }).tickets.filter(
    ({ externalId }) => externalId === key,
  );
async function stopped(): Promise<{ key: string; levy: string; caseId: string }> {
  const id = ++nextId;
  const levy = `Levy ${id}`;
  const draft = orderDraft(estate.simulator, { id });
  const lines = draft.lines.map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, title: levy })) }));
  const key = await estate.placeOrder({ ...draft, lines });
  const events = await estate.until(key, isQuarantined);
  return { key, levy, caseId: events.find(isQuarantined)?.case_id ?? '' };
}
const cure = async ({ levy, caseId }: Awaited<ReturnType<typeof stopped>>) => {
  const mapping = {
    kind: 'tax_code' as const,
    system: 'netsuite',
    code: levy,
    target: mappedTaxes[0]?.erpCode ?? '',
    reason: 'known now',
  };
  await commandOf(estate.nc, 'mapping.put', { actor, ...mapping });
  const { revision } = await caseState(estate, caseId);
  await commandOf(estate.nc, 'case.replay', { actor, case_id: caseId, revision });
};

test('an order that a case stops has one ticket, which is solved once the case is', async () => {
  const order = await stopped();
  await expect.poll(() => tickets(order.key).map(({ status }) => status), soon).toEqual(['open']);
  const [ticket] = tickets(order.key);
  expect(ticket).toMatchObject({ tags: ['syncline', 'order_stopped', 'case_mapping'] });
  expect(ticket?.comments).toEqual([
    { body: expect.stringContaining(`Case ${order.caseId} is being worked on`) as string, public: false },
  ]);
  expect(JSON.stringify(ticket)).not.toMatch(/test\.customer|Test Street/);
  await cure(order);
  await estate.until(order.key, isSettled);
  await expect.poll(() => tickets(order.key).map(({ status }) => status), soon).toEqual(['solved']);
});

test('an order that a person holds has a ticket until it is let go', async () => {
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 60 });
  const key = await estate.placeOrder({ id: ++nextId });
  await estate.until(key, ({ step }) => step === 'acknowledge_channel');
  await commandOf(estate.nc, 'order.hold', { actor, key, reason: 'asked by the customer' });
  await expect.poll(() => tickets(key).map(({ status }) => status), soon).toEqual(['pending']);
  await commandOf(estate.nc, 'order.release', { actor, key });
  await expect.poll(() => tickets(key).map(({ status }) => status), soon).toEqual(['solved']);
  await controlSimulator(estate, 'maintenance', { system: 'netsuite', seconds: 0 });
});

test('a service desk that is down delays no order and makes no second ticket; it hears how things stand afterwards', async () => {
  await controlSimulator(estate, 'faults', { system: 'zendesk', fault: 'lost_answer', probability: 0.5 });
  await controlSimulator(estate, 'faults', { system: 'zendesk', fault: 'error', probability: 0.5 });
  const orders = [await stopped(), await stopped(), await stopped()];
  const [first] = orders;
  if (first === undefined) throw new Error('no order');
  await cure(first);
  await estate.until(first.key, isSettled);
  await controlSimulator(estate, 'faults', { system: 'zendesk', fault: 'lost_answer', probability: 0 });
  await controlSimulator(estate, 'faults', { system: 'zendesk', fault: 'error', probability: 0 });
  await expect
    .poll(() => orders.slice(1).map(({ key }) => tickets(key).map(({ status }) => status)), soon)
    .toEqual([['open'], ['open']]);
  // Either it was told while the order was stopped and is solved now, or it never had to hear of it.
  await expect.poll(() => tickets(first.key).every(({ status }) => status === 'solved'), soon).toBe(true);
  expect(tickets(first.key).length).toBeLessThanOrEqual(1);
});
