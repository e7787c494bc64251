import { expect, test } from 'vitest';
import { authorise, replying } from './replies.ts';
import { Refusal } from '../refusal.ts';

test('a command is done only for somebody of a role that may', () => {
  expect(() => authorise({ id: 'olga', roles: ['viewer', 'operations'] }, 'cases.replay')).not.toThrow();
  expect(() => authorise({ id: 'vera', roles: ['viewer'] }, 'cases.replay')).toThrow('cases.replay');
  expect(() => authorise({ id: 'nobody', roles: [] }, 'orders.control')).toThrow(Refusal);
  expect(() => authorise({ id: 'olga', roles: ['operations'] }, 'mappings.write')).toThrow(Refusal);
});

test('a refusal becomes a reply that says why and what is wrong', async () => {
  const fields = [{ path: '/system', message: 'not in the estate' }];
  const reply = await replying(() => Promise.reject(new Refusal('invalid', 'no such system', { fields })));
  expect(reply).toEqual({ ok: false, error: { code: 'invalid', message: 'no such system', fields } });
});

test('a failure of the engine is not dressed up as a refusal', async () => {
  await expect(replying(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
