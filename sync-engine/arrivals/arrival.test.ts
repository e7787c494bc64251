import { expect, test } from 'vitest';
import type { Arrival, ArrivalHandler } from './arrival.ts';
import { ArrivalHandlers } from './arrival.ts';

const arrival = (topic: string): Arrival => ({
  seq: 7,
  headers: {
    'syncline-system': 'gone',
    'syncline-topic': topic,
    'syncline-received-at': '2026-03-01T10:00:00.000Z',
    'syncline-origin': 'live',
  },
  body: new Uint8Array(),
});

function setUp() {
  const aside: number[] = [];
  const handler: ArrivalHandler<'order_placed'> = {
    means: ['order_placed'],
    apply: async () => 'applied',
    setAside: async ({ seq }) => void aside.push(seq),
  };
  const handlers = new ArrivalHandlers((_system, topic) => (topic === 'known' ? { means: 'order_placed' } : undefined));
  handlers.add(handler);
  return { handlers, aside };
}

test('a message goes to the handler of what it means', async () => {
  expect(await setUp().handlers.apply(arrival('known'), false)).toBe('applied');
});

test('a message of a system that left the estate becomes a case at once, with what to do about it', async () => {
  const { handlers, aside } = setUp();
  expect(await handlers.apply(arrival('orders/create'), false)).toMatchObject({
    problems: [{ error_code: 'unknown_topic', message: expect.stringContaining('"gone"') as string }],
  });
  await handlers.setAside(arrival('orders/create'));
  expect(aside).toEqual([7]);
});
