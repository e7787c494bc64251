import type { Customer } from '#contracts/v1/customer.ts';
import { changedFields, type Correction } from '../../customers/merge.ts';
import { type CustomerEnv, type CustomerView, readCustomer } from './customer-data.ts';

/** What a person changed in the message, if anybody did. Of one that could not be read before nothing was merged either. */
export async function correctionOf(
  view: CustomerView,
  env: CustomerEnv,
  told: Customer,
): Promise<Correction | undefined> {
  const { intake_seq } = view.data;
  const { corrected_at: at } = await env.messages.read(view.data);
  if (at === undefined) return undefined;
  const arrived = await env.messages.read({ intake_seq, received: { intake_seq } });
  const before = readCustomer(arrived, view, env);
  return { at, fields: 'problems' in before ? [] : changedFields(before.told, told) };
}
