import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CloudEvent, cloudEvent } from '#contracts/v1/business-event.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { mappedTax, orderDraft, startEngine, type TestEngine } from '../support/engine.ts';

let estate: TestEngine;
const ajv = new Ajv2020({ strict: false, formats: fullFormats });
const folder = new URL('../../contracts/schemas/v1/', import.meta.url);

beforeAll(async () => {
  for (const file of readdirSync(folder).filter((name) => name.startsWith('event-')))
    ajv.addSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object);
  estate = await startEngine();
}, 60_000);
afterAll(() => estate.close());

/** Events until one matches, oldest first. */
async function eventsUntil(matches: (event: CloudEvent) => boolean): Promise<{ event: CloudEvent; text: string }[]> {
  const consumer = await estate.js.consumers.get(streams.events);
  const messages = await consumer.consume();
  const found: { event: CloudEvent; text: string }[] = [];
  for await (const message of messages) {
    const text = message.string();
    const event = cloudEvent.parse(JSON.parse(text));
    expect(message.subject).toBe(`events.${event.type.slice('com.syncline.'.length)}`);
    expect(message.headers?.get('Nats-Msg-Id')).toBe(event.id);
    found.push({ event, text });
    if (matches(event)) break;
  }
  messages.stop();
  return found;
}
const of = (subject: string, found: { event: CloudEvent; text: string }[]) =>
  found.filter(({ event }) => event.subject === subject);
const isSettled = (event: StepEvent) => event.step === 'settle' && event.status === 'completed';

describe('what others are told of an order', () => {
  test('is each of its milestones once, in order, by the published schemas and without personal data', async () => {
    const key = await estate.placeOrder({ id: 610_001 });
    const steps = await estate.until(key, isSettled);
    const found = of(key, await eventsUntil(({ type, subject }) => subject === key && type.includes('settled')));
    expect(found.map(({ event }) => event.type)).toEqual([
      'com.syncline.order.accepted.v1',
      'com.syncline.order.allocated.v1',
      'com.syncline.order.released.v1',
      'com.syncline.order.shipped.v1',
      'com.syncline.order.delivered.v1',
      'com.syncline.order.invoiced.v1',
      'com.syncline.order.settled.v1',
    ]);
    for (const { event, text } of found) {
      const valid = ajv.getSchema(event.dataschema);
      expect(valid, event.dataschema).toBeDefined();
      expect(valid?.(event.data), JSON.stringify(valid?.errors)).toBe(true);
      expect(steps.map(({ event_id }) => event_id)).toContain(event.id);
      expect(text).not.toMatch(/test\.customer|Test Street|Customer/);
      expect(event).toMatchObject({ specversion: '1.0', source: '/syncline/orders', origin: 'simulated' });
    }
    expect(found.map(({ event }) => event.sequence)).toEqual(found.map(({ event }) => event.sequence).sort());
    expect(found[3]?.event.data).toMatchObject({
      number: expect.stringMatching(/^#/) as string,
      remaining_units: 0,
      shipment: { location: 'dc-east', lines: [{ quantity: 2 }, { quantity: 1 }] },
    });
  });

  test('names the case that stops it, but not what is wrong in words', async () => {
    const draft = orderDraft(estate.simulator, { id: 610_002 });
    const lines = draft.lines.map((line) => ({ ...line, taxes: [{ ...mappedTax, title: 'Levy 610002', cents: 1 }] }));
    const key = await estate.placeOrder({ ...draft, lines });
    const found = of(key, await eventsUntil(({ type, subject }) => subject === key && type.includes('stopped')));
    expect(found.map(({ event }) => event.data)).toEqual([
      expect.objectContaining({
        key,
        step: 'validate',
        error_class: 'mapping',
        case_id: expect.any(String) as string,
      }),
    ]);
    expect(found[0]?.event.data).not.toHaveProperty('error_message');
  });
});

test('a stock change is told once, with what can be sold of it', async () => {
  const found = await eventsUntil(({ type }) => type === 'com.syncline.stock.changed.v1');
  const event = found.at(-1)?.event;
  expect(event).toMatchObject({ source: '/syncline/stock', subject: expect.stringContaining('@dc-') as string });
  expect(ajv.getSchema(event?.dataschema ?? '')?.(event?.data)).toBe(true);
});
