import type { FastifyInstance } from 'fastify';
import { field, isObject, jsonBody, type JsonObject, objectAt, refuse, type VendorContext } from '../vendor.ts';

interface User {
  id: number;
  externalId: string;
  name: string;
  email: string;
  phone: string;
  /** Every e-mail address, the first one first. */
  emails: string[];
  userFields: JsonObject;
  /** Times it was set. */
  updates: number;
}

/** Zendesk's end users: made once for each external id or e-mail address; a new address becomes a further one. */
export function createUsers(context: VendorContext) {
  const users = context.store.collection<User>(`${context.system.id}.users`);
  let next = Math.max(0, ...[...users.values()].map(({ id }) => id));
  const invalid = (description: string) => ({
    status: 422,
    body: {
      error: 'RecordInvalid',
      description: 'Record validation errors',
      details: { email: [{ description }] },
    },
  });

  const find = (externalId: string, email: string) => {
    const all = [...users.values()];
    return (
      all.find((user) => externalId !== '' && user.externalId === externalId) ??
      all.find((user) => email !== '' && user.emails.includes(email))
    );
  };

  const routes = (app: FastifyInstance): void => {
    app.post('/api/v2/users/create_or_update.json', (request, reply) => {
      const given = objectAt(jsonBody(request), 'user');
      const name = field(given, 'name');
      if (given === undefined || name === '') return refuse(reply, invalid('Name: is too short (is 0 characters)'));
      const externalId = field(given, 'external_id');
      const email = field(given, 'email').toLowerCase();
      const held = find(externalId, email);
      const taken = [...users.values()].some((user) => user !== held && email !== '' && user.emails.includes(email));
      if (taken) return refuse(reply, invalid(`Email: ${email} is already being used by another user`));
      const fields = given['user_fields'];
      const user: User = {
        id: held?.id ?? ++next,
        externalId: externalId || (held?.externalId ?? ''),
        name: context.conditions.driftsPrices(context.system.id) ? `${name} (VIP)` : name,
        email: held?.email || email,
        phone: field(given, 'phone') || (held?.phone ?? ''),
        emails: [...new Set([...(held?.emails ?? []), ...(email === '' ? [] : [email])])],
        userFields: { ...held?.userFields, ...(isObject(fields) ? fields : {}) },
        updates: (held?.updates ?? 0) + 1,
      };
      users.put(String(user.id), user);
      return reply.code(held === undefined ? 201 : 200).send({ user: resource(user) });
    });
    app.get('/api/v2/users/:file', (request, reply) => {
      const user = users.get(field(request.params, 'file').replace(/\.json$/, ''));
      if (user === undefined)
        return refuse(reply, { status: 404, body: { error: 'RecordNotFound', description: 'Not found' } });
      const asked = field(request.query, 'include').split(',').includes('identities');
      return reply.send({ user: resource(user), ...(asked && { identities: identitiesOf(user) }) });
    });
  };
  return { routes, list: (): User[] => [...users.values()] };
}

const resource = ({ id, externalId, name, email, phone, userFields }: User) => ({
  id,
  external_id: externalId || null,
  name,
  email: email || null,
  phone: phone || null,
  role: 'end-user',
  user_fields: userFields,
});

const identitiesOf = ({ id, emails }: User) =>
  emails.map((value, i) => ({ id: id * 100 + i, user_id: id, type: 'email', value, primary: i === 0, verified: true }));
