import type { Webhook } from '#contracts/v1/webhook.ts';
import { Refusal } from '../refusal.ts';
import { NAMELESS } from './webhook-store.ts';

/** Each of them signs every message: more than a receiver that changes over has use for. */
export const MOST_FORMER_SECRETS = 5;

type FormerSecret = NonNullable<Webhook['former_secrets']>[number];

export interface Rotation {
  /** For how long the present secret signs beside the new one. */
  keep_former_s: number;
  /** Those before the present one sign no more. */
  retire_former: boolean;
}

/**
 * Which secrets sign beside a new one, the latest first, and which never again. Pure.
 * @throws Refusal where there would be too many.
 */
export function formerAfter(
  { secret_id = NAMELESS, former_secrets = [] }: Pick<Webhook, 'secret_id' | 'former_secrets'>,
  { keep_former_s, retire_former }: Rotation,
  at: Date,
): { former: FormerSecret[]; retired: FormerSecret[] } {
  const present = { secret_id, until: new Date(at.getTime() + keep_former_s * 1000).toISOString() };
  const signs = (one: FormerSecret) => Date.parse(one.until) > at.getTime() && (one === present || !retire_former);
  const all = [present, ...former_secrets];
  const former = all.filter(signs);
  if (former.length > MOST_FORMER_SECRETS) throw tooMany(former);
  return { former, retired: all.filter((one) => !former.includes(one)) };
}

function tooMany(former: FormerSecret[]): Refusal {
  const [first] = former.map(({ until }) => until).sort();
  return new Refusal('refused', `More than ${MOST_FORMER_SECRETS} former secrets would sign beside the new one.`, {
    fields: [
      {
        path: '/retire_former',
        message: `Retire those before the present one with this rotation, or wait for the first to retire at ${first}.`,
      },
    ],
  });
}
