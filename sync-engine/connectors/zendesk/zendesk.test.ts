import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../connector.ts';
import { zendeskServices } from './client.ts';

const { put_ticket } = zendeskServices();
const input = {
  orderKey: 'shopify-us==1',
  orderNumber: '#1001',
  state: 'stopped' as const,
  stateId: 'case c1 1',
  caseClass: 'mapping',
  note: 'Order #1001 is stopped at validate.',
};
const answer = (status: number, body: unknown) => ({ status, headers: {}, body: JSON.stringify(body) });
const tickets = (...list: object[]) => answer(200, { tickets: list });

describe('an order’s ticket', () => {
  test('is looked for by the order’s key', () => {
    expect(put_ticket.before?.(input).path).toContain('/api/v2/tickets?external_id=shopify-us%3D%3D1');
  });
  test('is made where there is none, with a key by which Zendesk recognises a repeat', () => {
    const call = put_ticket.prepare(input, tickets());
    expect([call.method, call.path]).toEqual(['POST', '/api/v2/tickets']);
    expect(call.headers['idempotency-key']).toBe(put_ticket.prepare(input, tickets()).headers['idempotency-key']);
    expect(JSON.parse(call.body)).toMatchObject({
      ticket: { external_id: 'shopify-us==1', status: 'open', comment: { public: false }, subject: 'Order #1001' },
    });
  });
  test('is changed where there is one; one that is closed takes no changes, nor does another order’s', () => {
    const present = { id: 7, external_id: 'shopify-us==1', status: 'solved' };
    expect(put_ticket.prepare(input, tickets(present))).toMatchObject({ method: 'PUT', path: '/api/v2/tickets/7' });
    expect(put_ticket.prepare(input, tickets({ ...present, status: 'closed' })).method).toBe('POST');
    expect(put_ticket.prepare(input, tickets({ ...present, external_id: 'shopify-us==10' })).method).toBe('POST');
  });
  test('that is refused says why in Zendesk’s words', () => {
    const refused = answer(422, {
      error: 'RecordInvalid',
      description: 'Record validation errors',
      details: { status: [{ description: 'Status: is not included in the list' }] },
    });
    const read = () => put_ticket.read(refused, input, put_ticket.prepare(input, tickets()));
    expect(read).toThrow(ConnectorError);
    expect(read).toThrow(/Record validation errors; status: Status: is not included/);
  });
});
