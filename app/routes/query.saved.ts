import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import { z } from 'zod';
import { requirePermission } from '#app/auth/guard.ts';
import { mayRemove } from '#app/presenters/query.ts';
import { queriesPerUser } from '#app/sql/query-store.ts';
import { savedQuery } from '#app/sql/saved-query.ts';

export interface SavedResult {
  ok: boolean;
  message: string;
  /** Of the query that was saved. */
  id?: string;
}

const saving = z.object({
  name: savedQuery.shape.name,
  sql: savedQuery.shape.sql,
  shared: z
    .literal('yes')
    .optional()
    .transform((value) => value === 'yes'),
  /** One of the viewer's own that it takes the place of. */
  id: savedQuery.shape.id.optional(),
});
const removing = z.object({ id: savedQuery.shape.id });

export const loader = () => redirect('/query');

/** `POST /query/saved`: saves a query, or deletes one. */
export async function action(args: ActionFunctionArgs): Promise<SavedResult> {
  const viewer = requirePermission(args, 'query.run');
  const { queries } = args.context;
  const form = Object.fromEntries(await args.request.formData());
  if (form['intent'] === 'remove') {
    const parsed = removing.safeParse(form);
    const removed = parsed.success && (await queries.remove(parsed.data.id, (query) => mayRemove(viewer, query)));
    return removed ? { ok: true, message: 'Deleted.' } : { ok: false, message: 'This query is gone, or is not yours.' };
  }
  const parsed = saving.safeParse(form);
  if (!parsed.success) return { ok: false, message: 'Give the query a name of at most 80 characters.' };
  const { id, ...query } = parsed.data;
  const saved = await queries.save({ owner: viewer.id, owner_name: viewer.name, ...query }, id);
  return saved === undefined
    ? { ok: false, message: `You keep ${queriesPerUser} queries already. Delete one first.` }
    : { ok: true, message: 'Saved.', id: saved };
}
