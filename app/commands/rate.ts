import { datedRate } from '#contracts/v1/rate.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import type { AppContext } from '#app/server/context.ts';
import { messageOf } from './order.ts';
import { actorOf, text } from './rule.ts';

/** What became of a rate that was to be set, to be said on the page; `problems` by the field of the form. */
export interface RateResult {
  ok: boolean;
  message: string;
  problems: Partial<Record<'day' | 'currency' | 'rate', string>>;
}

interface Asked {
  context: Pick<AppContext, 'command' | 'estate' | 'rates'>;
  viewer: Viewer;
  form: FormData;
}

const remedies: Required<RateResult['problems']> = {
  day: 'Choose the day from which it holds.',
  currency: 'Give the three letters of a currency, such as EUR.',
  rate: 'Give a number above zero such as 1.0834, with at most ten digits after the point.',
};

/** Sets the rate of a currency from a day on, or corrects one on the version that the person saw. */
export async function setRate({ context, viewer, form }: Asked): Promise<RateResult> {
  const entry = datedRate.safeParse({
    day: text(form, 'day'),
    currency: text(form, 'currency').toUpperCase(),
    rate: text(form, 'rate'),
  });
  if (!entry.success) {
    const wrong = new Set(entry.error.issues.map(({ path }) => path[0]));
    const problems = Object.fromEntries(Object.entries(remedies).filter(([field]) => wrong.has(field)));
    return { ok: false, message: 'The rate is not set.', problems };
  }
  const version = Number(text(form, 'version') || '0');
  const reply = await context.command('rates.set', {
    actor: actorOf(viewer),
    entries: [{ ...entry.data, version }],
    reason: text(form, 'reason').slice(0, 1000),
  });
  // The page is drawn again before the watch has told of it.
  if (reply.ok && reply.rate !== undefined) {
    const { reporting_currency = context.estate.reporting_currency, ...rate } = reply.rate;
    context.rates.learn({ ...rate, reporting_currency });
  }
  return { ok: reply.ok, message: messageOf(reply, context.estate), problems: {} };
}
