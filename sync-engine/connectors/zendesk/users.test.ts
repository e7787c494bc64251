import { describe, expect, test } from 'vitest';
import { differences } from '../../flows/customer/steps/publish.ts';
import { zendeskServices } from './client.ts';

const { publish_customer } = zendeskServices({ consent_field: 'marketing_consent' });
const told = { customerId: 'c1', full_name: 'Ada Sample', email: 'ada@example.com', phone: '+1 212 555 0100' };
const answer = (status: number, body: unknown) => ({ status, headers: {}, body: JSON.stringify(body) });
const user = { id: 7, name: 'Ada Sample', email: 'old@example.com', phone: '+12125550100', user_fields: {} };

describe('a customer as a user of Zendesk', () => {
  test('is made or changed by our id, with the consent in the field that the account has for it', () => {
    const call = publish_customer.prepare({ ...told, consent: 'withdrawn' });
    expect([call.method, call.path]).toEqual(['POST', '/api/v2/users/create_or_update.json']);
    const { customerId, full_name, ...rest } = told;
    const sent = { external_id: customerId, name: full_name, ...rest };
    expect(JSON.parse(call.body)).toEqual({ user: { ...sent, user_fields: { marketing_consent: false } } });
    const without = zendeskServices().publish_customer.prepare({ ...told, consent: 'withdrawn' });
    expect(JSON.parse(without.body)).toEqual({ user: sent });
  });

  test('without a name is called by what is known', () => {
    expect(JSON.parse(publish_customer.prepare({ customerId: 'c1', email: 'ada@example.com' }).body)).toMatchObject({
      user: { name: 'ada@example.com' },
    });
  });

  test('is known by every address, of which a new one is only a further one', () => {
    const further = { identities: [{ type: 'email', value: 'ada@example.com' }] };
    const shown = publish_customer.after?.read(answer(200, { user, ...further }), { userId: '7' }, told);
    expect(shown).toMatchObject({ userId: '7', emails: ['old@example.com', 'ada@example.com'] });
    expect(shown && differences(told, shown)).toEqual([]);
    const without = publish_customer.after?.read(answer(200, { user }), { userId: '7' }, told);
    expect(without && differences(told, without).map(({ path }) => path)).toEqual(['/email']);
  });

  test('with another consent than was told is a difference', () => {
    const withheld = { ...user, email: told.email, user_fields: { marketing_consent: true } };
    const shown = publish_customer.after?.read(answer(200, { user: withheld }), { userId: '7' }, told);
    expect(shown && differences({ ...told, consent: 'withdrawn' }, shown).map(({ path }) => path)).toEqual([
      '/marketing_consent',
    ]);
  });

  test('that is refused says why, without anybody’s address', () => {
    const refused = answer(422, {
      error: 'RecordInvalid',
      description: 'Record validation errors',
      details: { email: [{ description: 'Email: ada@example.com is already being used by another user' }] },
    });
    const read = () => publish_customer.read(refused, told, publish_customer.prepare(told));
    expect(read).toThrow(/Email: ‹hidden› is already being used/);
  });
});
