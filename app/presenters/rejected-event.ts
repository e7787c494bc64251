import type { Viewer } from '#app/auth/viewer.ts';
import { showDocument } from '#app/payloads/show.ts';
import { rejectedEvent } from '#app/queries/rejected.ts';
import type { AppContext } from '#app/server/context.ts';
import { transactionPath } from '#app/transactions/paths.ts';
import { remedyOf } from '#app/words/rejected.ts';
import { flow } from '#contracts/v1/step-event.ts';
import { may } from '#contracts/v1/permissions.ts';
import { presentRejected } from './rejected.ts';

/** Row of the event that an address names, or undefined. Its time in ms has thirteen digits from 2001 to 2286. */
async function readEvent({ read }: AppContext, id: string) {
  const [, ms = '', mark = ''] = /^(\d{13})-([0-9a-f]{1,16})$/.exec(id) ?? [];
  if (mark === '') return undefined;
  const [row] = await read(rejectedEvent, { arrived_at: new Date(Number(ms)).toISOString(), mark });
  return row;
}

/** One rejected event: what, when, from whom, why, what to do, and its text as far as the viewer may see it. */
export async function presentRejectedEvent(context: AppContext, viewer: Viewer, id: string) {
  const row = await readEvent(context, id);
  if (row === undefined) return undefined;
  const body = may(viewer.roles, 'payloads.read') && row.raw !== '' ? showDocument(row.raw, false) : undefined;
  return {
    ...presentRejected(row),
    landedAt: row.landed_at,
    remedy: remedyOf(row),
    transaction: transactionOf(row),
    body,
    mayReveal: body !== undefined && body.hidden > 0 && may(viewer.roles, 'personal_data.read'),
  };
}
export type RejectedEventView = NonNullable<Awaited<ReturnType<typeof presentRejectedEvent>>>;

/** The text with personal data shown, or undefined where there is no such event. */
export async function revealRejectedEvent(context: AppContext, id: string): Promise<{ text: string } | undefined> {
  const row = await readEvent(context, id);
  return row && { text: showDocument(row.raw, true).text };
}

/** The transaction on whose subject the event came. */
function transactionOf({ stream, subject }: { stream: string; subject: string }) {
  if (stream !== 'STEPS') return undefined;
  const [, of = '', key = ''] = /^steps\.\d+\.([a-z_]+)\.([A-Za-z0-9_=-]+)$/.exec(subject) ?? [];
  const known = flow.safeParse(of);
  return known.success ? { name: key, path: transactionPath(known.data, key) } : undefined;
}
