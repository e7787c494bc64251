import { expect, it } from 'vitest';
import { ofIncident, type News } from '#app/live/news.ts';
import { concerns } from '#app/live/use-live.ts';
import type { IncidentLink } from '#contracts/v1/incident.ts';
import { interestIn } from './interest.ts';

const interest = (...links: IncidentLink[]) => interestIn({ id: 'INC-1', links: links.map((link) => ({ link })) });
const of = (topic: News['topics'][number], key: string): News => ({
  ...{ topics: [topic], flows: ['order_to_cash'], keys: [key], more: false },
});
const connector: IncidentLink = { kind: 'connector', connector_id: 'erp' };
const cause: IncidentLink = { kind: 'cause', fingerprint: 'aaaa0000aaaa0000' };
const order: IncidentLink = { kind: 'transaction', flow: 'order_to_cash', key: 'shop==1' };

it('is read again for what people do to it, and not for what they do to another', () => {
  expect(concerns(ofIncident('INC-1'), interest(order, cause))).toBe(true);
  expect(concerns(ofIncident('INC-2'), interest(order, cause))).toBe(false);
});

it('is read again for a step of an order that is linked, and for no other', () => {
  expect(concerns(of('steps', 'shop==1'), interest(connector, order))).toBe(true);
  expect(concerns(of('steps', 'shop==2'), interest(connector, order, cause))).toBe(false);
  expect(concerns(of('steps', 'shop==1'), interest(connector))).toBe(false);
});

it('is read again for every case where a cause is linked, and otherwise for those of its orders', () => {
  expect(concerns(of('cases', 'shop==2'), interest(cause))).toBe(true);
  expect(concerns(of('cases', 'shop==2'), interest(order))).toBe(false);
  expect(concerns(of('cases', 'shop==1'), interest(order))).toBe(true);
});

it('asks by itself only where something is linked', () => {
  expect(interest().everyMs).toBeUndefined();
  expect(interest(connector).everyMs).toBe(15_000);
});
