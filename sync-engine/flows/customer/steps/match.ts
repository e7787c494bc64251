import type { CaseProblem } from '#contracts/v1/case.ts';
import { atLeastOne } from '../../../connectors/reading.ts';
import type { CustomerRecord } from '../../../customers/merge.ts';
import { type CustomerInline, understand } from '../customer-data.ts';

/** Finds out who it is: by the sender's number, by e-mail, by phone and name. Whoever may be two people is a case. */
export const match: CustomerInline = {
  kind: 'inline',
  name: 'match',
  ofMessage: true,
  next: () => 'merge',
  run: async (view, env) => {
    const read = await understand(view, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const found = await env.customers.recognise(read.told, read.system);
    if ('doubtful' in found)
      return {
        status: 'quarantined',
        problems: [doubtful(found.field, await env.customers.record(found.doubtful))],
      };
    return {
      status: 'completed',
      data: { customer_id: found.id },
      attributes: { customer: found.id, recognised_by: found.by },
    };
  },
};

const ways = {
  phone:
    'Somebody else has this phone number and another e-mail address. If they are one person, write the known address into this message; if they are two, take the phone number out of it',
  email:
    'This customer is known, and the e-mail address belongs to another one. If it is the other one’s, correct it here; if they are one person, join them in the system that keeps them twice',
} as const;

function doubtful(field: keyof typeof ways, other: CustomerRecord | undefined): CaseProblem {
  const names = other?.members.map(({ system, external_id }) => `${external_id} of ${system}`).join(', ');
  return {
    error_class: 'conflict',
    error_code: 'ambiguous_customer',
    path: `/${field}`,
    document: 'received',
    message: `${ways[field]}; then replay. The other one is ${names ?? 'only just arriving'}.`.slice(0, 2000),
  };
}
