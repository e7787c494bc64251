import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { CaseEvent, CaseState } from '#contracts/v1/case.ts';
import { isClosed, mayPass } from '#contracts/v1/case-machine.ts';
import type { CommandName, CommandReply, CommandRequest } from '#contracts/v1/commands.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { readAt } from '#platform/nats/publish.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { caseState } from '../support/cases.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';

/** Enough that every pair of commands meets in some run; each run is an order of its own. */
const RUNS = 100;
const people = [
  { id: 'ana', roles: ['support' as const] },
  { id: 'ben', roles: ['operations' as const] },
  { id: 'cleo', roles: ['finance' as const, 'operations' as const] },
];

let estate: TestEngine;
let nextId = 70_000;
beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({ ...declared, policies: { ...declared.policies, second_person_above: '100.00' } }),
  });
}, 60_000);
afterAll(() => estate.close());

/** An order whose SKU nobody knows, as bytes and stopped. */
async function stopped(large: boolean): Promise<{ id: string; key: string; body: string; right: string }> {
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const [line] = draft.lines;
  if (line === undefined) throw new Error('an order without lines');
  const quantity = large ? 20 : 1;
  const taxes = line.taxes.map((tax) => ({
    ...tax,
    cents: Math.round((tax.ratePpm * line.unitCents * quantity) / 1e6),
  }));
  const of = (sku: string) => ({ ...draft, lines: [{ ...line, sku, quantity, taxes }] });
  const text = (sku: string) => JSON.stringify(buildShopifyOrder(of(sku), 'northwind-lane-us.myshopify.com'));
  const body = text('NOBODY-KNOWS');
  const response = await estate.postShopify('orders/create', body);
  expect(response.status).toBe(200);
  const key = `shopify-us==${draft.id}`;
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  return { id: events.at(-1)?.case_id ?? '', key, body, right: text(line.sku) };
}

/** What somebody does: who, what, and whether on what they have just read or on what they read a while ago. */
const deed = fc.record({
  who: fc.constantFrom(...people),
  what: fc.constantFrom(
    'assign',
    'unassign',
    'comment',
    'tag',
    'hold',
    'release',
    'fix',
    'fix-right',
    'replay',
    'approve',
    'decline',
    'discard',
    'restore',
  ),
  stale: fc.boolean(),
});
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

function perform({ who, what }: Deed, id: string, revision: number, bodies: { body: string; right: string }) {
  const on = { actor: who, case_id: id, revision };
  const ask = <N extends CommandName>(name: N, request: CommandRequest<N>): Promise<CommandReply> =>
    requestCommand(estate.nc, name, request);
  switch (what) {
    case 'assign':
      return ask('case.assign', { ...on, assignee: who.id });
    case 'unassign':
      return ask('case.assign', { ...on, assignee: '' });
    case 'comment':
      return ask('case.comment', { ...on, note: 'looked at it' });
    case 'tag':
      return ask('case.tag', { ...on, add: ['vat'] });
    case 'hold':
      return ask('case.hold', on);
    case 'release':
      return ask('case.release', on);
    case 'fix':
      return ask('case.fix', { ...on, payload: bodies.body, reason: 'once more' });
    case 'fix-right':
      return ask('case.fix', { ...on, payload: bodies.right, reason: 'the right SKU' });
    case 'replay':
      return ask('case.replay', on);
    case 'approve':
      return ask('case.approve', on);
    case 'decline':
      return ask('case.decline', { ...on, reason: 'not yet' });
    case 'discard':
      return ask('case.discard', { ...on, reason: 'a duplicate' });
    case 'restore':
      return ask('case.restore', on);
  }
}

const eventsOf = async (id: string): Promise<CaseEvent[]> =>
  (await readSubject(estate.js, estate.manager, streams.cases, subjects.case(id))).map((message) =>
    message.json<CaseEvent>(),
  );

test('whatever people do at the same time, a case goes only the ways of its table, one revision after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(deed, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 8 }),
      fc.boolean(),
      async (rounds, large) => {
        const order = await stopped(large);
        let known: CaseState = await caseState(estate, order.id);
        const won: number[] = [];
        for (const together of rounds) {
          const now = await caseState(estate, order.id);
          const replies = await Promise.all(
            together.map((one) => perform(one, order.id, one.stale ? known.revision : now.revision, order)),
          );
          for (const reply of replies) if (reply.ok && reply.case !== undefined) won.push(reply.case.revision);
          known = now;
        }
        // Each success is a revision of its own: two people never both had their way on one.
        expect(new Set(won).size).toBe(won.length);

        const events = await eventsOf(order.id);
        expect(events.map(({ state }) => state.revision)).toEqual(events.map((_, index) => index + 1));
        events.forEach((event, index) => {
          const before = events[index - 1]?.state;
          expect(
            mayPass(event.type, before?.status, event.state.status),
            `${before?.status} ${event.type} ${event.state.status}`,
          ).toBe(true);
          if (before !== undefined && event.type !== 'fixed')
            expect(event.state.payload_version).toBe(before.payload_version);
        });
        // Four eyes: what needed a second person was let go by somebody who neither asked nor wrote any version.
        for (const [index, event] of events.entries())
          if (event.type === 'approved') {
            const earlier = events.slice(0, index);
            const wrote = earlier.filter(({ type }) => type === 'fixed').map(({ actor }) => actor);
            expect([earlier.at(-1)?.state.approval?.requested_by, ...wrote]).not.toContain(event.actor);
          }
        if (large) expect(events.map(({ type }) => type)).not.toContain('replay_requested');

        // Version 1 is what arrived, to the byte.
        const [received] = await estate.events(order.key);
        const seq = Number(received?.attributes['intake_seq']);
        const kept = await readAt(estate.manager, streams.intake, seq);
        expect(Buffer.from(kept?.data ?? []).equals(Buffer.from(order.body))).toBe(true);
        const last = events.at(-1)?.state;
        if (last !== undefined && isClosed(last)) expect(last.closed_at).not.toBe('');
      },
    ),
    { numRuns: RUNS, seed: 20_261 },
  );
}, 240_000);
