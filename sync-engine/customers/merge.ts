import { z } from 'zod';
import { address } from '#contracts/v1/address.ts';
import { type Customer, marketingConsent } from '#contracts/v1/customer.ts';
import { instant } from '#contracts/v1/primitives.ts';

const known = <Value extends z.ZodType>(value: Value) =>
  z.object({ value, at: instant, seq: z.int(), system: z.string() }).optional();

/** One person as all systems together know them. */
export const customerRecord = z.object({
  id: z.string(),
  full_name: known(z.string()),
  email: known(z.string()),
  phone: known(z.string()),
  /** One value: lines of two addresses make none. */
  address: known(address),
  marketing_consent: known(marketingConsent),
  /** Whom each system knows them as. */
  members: z.array(z.object({ system: z.string(), external_id: z.string(), updated_at: instant })),
  /** INTAKE sequence of the message that changed a value last. */
  changed_by: z.int(),
});
export type CustomerRecord = z.infer<typeof customerRecord>;

export const mergedFields = ['full_name', 'email', 'phone', 'address', 'marketing_consent'] as const;
export type MergedField = (typeof mergedFields)[number];

interface Stamp {
  at: string;
  seq: number;
}
/** Of two values of the same moment the one that arrived later stays. */
const newer = (one: Stamp, other: Stamp): boolean => one.at > other.at || (one.at === other.at && one.seq > other.seq);

export interface Merged {
  record: CustomerRecord;
  /** Fields whose value changed. */
  took: MergedField[];
  /** The system knew them under no number before. */
  joined: boolean;
}

/**
 * Merges what one system says into what is known: of each field the newest value that is not empty stays, of consent the
 * latest statement, a withdrawal before a grant of the same moment. The result does not depend on the order in which
 * versions arrive, nor on how often.
 */
export function mergeCustomer(
  before: CustomerRecord | undefined,
  id: string,
  told: Customer,
  from: { system: string; seq: number },
): Merged {
  const base: CustomerRecord = before ?? { id, members: [], changed_by: from.seq };
  const stamp = { at: told.updated_at, ...from };
  const took: MergedField[] = [];
  const record = { ...base };
  for (const field of ['full_name', 'email', 'phone'] as const) {
    const value = told[field]?.trim() ?? '';
    const held = base[field];
    if (value === '' || (held !== undefined && !newer(stamp, held))) continue;
    record[field] = { value, ...stamp };
    if (held?.value !== value) took.push(field);
  }
  if (told.address !== undefined && (base.address === undefined || newer(stamp, base.address))) {
    record.address = { value: told.address, ...stamp };
    if (!sameJson(base.address?.value, told.address)) took.push('address');
  }
  const consent = told.marketing_consent;
  if (consent !== undefined) {
    const held = base.marketing_consent;
    const rank = (state: 'granted' | 'withdrawn') => (state === 'withdrawn' ? 1 : 0);
    const stands =
      held !== undefined &&
      (held.value.at > consent.at ||
        (held.value.at === consent.at && rank(held.value.state) > rank(consent.state)) ||
        (sameJson(held.value, consent) && !newer(stamp, held)));
    if (!stands) record.marketing_consent = { value: { state: consent.state, at: consent.at }, ...stamp };
    if (!stands && held?.value.state !== consent.state) took.push('marketing_consent');
  }
  const { members, joined } = withMember(base.members, told, from.system);
  const changed = took.length > 0 || joined;
  return { record: { ...record, members, changed_by: changed ? from.seq : base.changed_by }, took, joined };
}

function withMember(members: CustomerRecord['members'], { external_id, updated_at }: Customer, system: string) {
  const isIt = (one: CustomerRecord['members'][number]) => one.system === system && one.external_id === external_id;
  const held = members.find(isIt);
  const mine = { system, external_id, updated_at: [held?.updated_at ?? '', updated_at].sort().at(-1) ?? updated_at };
  const others = members.filter((one) => !isIt(one));
  const name = (one: CustomerRecord['members'][number]) => `${one.system} ${one.external_id}`;
  return {
    members: [...others, mine].sort((a, b) => (name(a) < name(b) ? -1 : 1)),
    joined: held === undefined,
  };
}

const sameJson = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value;
