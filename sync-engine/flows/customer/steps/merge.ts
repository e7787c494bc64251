import { atLeastOne } from '../../../connectors/reading.ts';
import { correctionOf } from '../correction.ts';
import { customerIdOf, type CustomerInline, understand } from '../customer-data.ts';

/** Merges what the message says into what is known; events name fields and numbers, never a value. */
export const merge: CustomerInline = {
  kind: 'inline',
  name: 'merge',
  ofMessage: true,
  next: () => 'publish_customer',
  run: async (view, env) => {
    const read = await understand(view, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const { told, system } = read;
    const seq = view.data.intake_seq;
    const correction = await correctionOf(view, env, told);
    const { record, took } = await env.customers.merge(customerIdOf(view), told, {
      ...{ system, seq },
      ...(correction && { correction }),
    });
    const others = record.members.filter((one) => one.system !== system || one.external_id !== told.external_id);
    const attributes = {
      fields: took.join(', '),
      merged_with: others
        .map((one) => `${one.external_id} of ${one.system}`)
        .join(', ')
        .slice(0, 1000),
    };
    // What this very message changed before it was interrupted must still be told.
    if (record.changed_by !== seq)
      return {
        status: 'superseded',
        attributes: { ...attributes, reason: 'All that it says was known already, or something newer is.' },
        finish: true,
      };
    return { status: 'completed', data: { version: record.changed_by }, attributes };
  },
};
