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

/** What a person changed in a message. */
export interface Correction {
  /** When they did, UTC. */
  at: string;
  /** Fields that the message says otherwise than it did. */
  fields: readonly MergedField[];
}

/** Where a version comes from. */
export interface MergedFrom {
  system: string;
  /** INTAKE sequence of its message. */
  seq: number;
  correction?: Correction;
}

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
 * versions arrive, nor on how often. What a person corrected is as new as the correction and takes the place of what the
 * same message said before, also of a value that is left out now.
 */
export function mergeCustomer(
  before: CustomerRecord | undefined,
  id: string,
  told: Customer,
  { correction, ...from }: MergedFrom,
): Merged {
  const base: CustomerRecord = before ?? { id, members: [], changed_by: from.seq };
  const stamp = { at: told.updated_at, ...from };
  const correctedAt = [told.updated_at, correction?.at ?? ''].sort().at(-1) ?? told.updated_at;
  const took: MergedField[] = [];
  const record = { ...base };
  /** The same message said it before it was corrected. */
  const isOwn = (field: MergedField) => correction !== undefined && base[field]?.seq === from.seq;
  const stampOf = (field: MergedField, isSame: boolean) =>
    correction?.fields.includes(field) === true || (isOwn(field) && !isSame) ? { ...stamp, at: correctedAt } : stamp;
  const takeAway = (field: MergedField) => {
    if (!isOwn(field)) return;
    record[field] = undefined;
    took.push(field);
  };
  for (const field of ['full_name', 'email', 'phone'] as const) {
    const value = told[field]?.trim() ?? '';
    const held = base[field];
    const mine = stampOf(field, held?.value === value);
    if (value === '') takeAway(field);
    if (value === '' || (held !== undefined && !newer(mine, held))) continue;
    record[field] = { value, ...mine };
    if (held?.value !== value) took.push(field);
  }
  if (told.address === undefined) takeAway('address');
  else {
    const isSame = sameJson(base.address?.value, told.address);
    const mine = stampOf('address', isSame);
    if (base.address === undefined || newer(mine, base.address)) {
      record.address = { value: told.address, ...mine };
      if (!isSame) took.push('address');
    }
  }
  const consent = told.marketing_consent;
  if (consent === undefined) takeAway('marketing_consent');
  else {
    const held = isOwn('marketing_consent') ? undefined : base.marketing_consent;
    const stands = held !== undefined && !isLater(consent, held, stamp);
    if (!stands) record.marketing_consent = { value: { state: consent.state, at: consent.at }, ...stamp };
    if (!stands && base.marketing_consent?.value.state !== consent.state) took.push('marketing_consent');
  }
  const { members, joined } = withMember(base.members, told, from.system);
  const changed = took.length > 0 || joined;
  return { record: { ...record, members, changed_by: changed ? from.seq : base.changed_by }, took, joined };
}

/** Fields that two versions of one message say otherwise. */
export const changedFields = (before: Customer, after: Customer): MergedField[] =>
  mergedFields.filter((field) => !sameJson(before[field], after[field]));

/** Of two statements of the same moment the withdrawal is the later one. */
function isLater(
  said: NonNullable<Customer['marketing_consent']>,
  held: NonNullable<CustomerRecord['marketing_consent']>,
  stamp: Stamp,
): boolean {
  const rank = (state: 'granted' | 'withdrawn') => (state === 'withdrawn' ? 1 : 0);
  if (sameJson(held.value, said)) return newer(stamp, held);
  return said.at > held.value.at || (said.at === held.value.at && rank(said.state) > rank(held.value.state));
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
