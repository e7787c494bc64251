import { atLeastOne } from '../../../connectors/reading.ts';
import { type CustomerInline, understand } from '../customer-data.ts';

/** Understands the message; what is not well formed is a case that names the field. */
export const validate: CustomerInline = {
  kind: 'inline',
  name: 'validate',
  ofMessage: true,
  next: () => 'match',
  run: async (view, env) => {
    const read = await understand(view, env);
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    return { status: 'completed', attributes: { version: read.told.updated_at } };
  },
};
