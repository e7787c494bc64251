import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { may } from '#contracts/v1/permissions.ts';
import { requirePermission } from '#app/auth/guard.ts';
import {
  type OfferedView,
  savableList,
  savableLists,
  savedView,
  standingViews,
  viewSearch,
} from '#app/views/saved-view.ts';
import { viewsPerUser } from '#app/views/view-store.ts';

export interface ViewsAnswer {
  views: OfferedView[];
}
export interface ViewsResult {
  ok: boolean;
  message: string;
}

function listOf(text: unknown) {
  const list = savableList.safeParse(text);
  if (!list.success) throw new Response('There is no such list.', { status: 404 });
  return list.data;
}

/** `GET /views?list=`: the saved views of a list that the viewer may use. */
export async function loader(args: LoaderFunctionArgs): Promise<ViewsAnswer> {
  const list = listOf(new URL(args.request.url).searchParams.get('list'));
  const viewer = requirePermission(args, savableLists[list].permission);
  const views = await args.context.views.offered(list, viewer.id);
  const { path } = savableLists[list];
  const standing = standingViews
    .filter((view) => view.list === list && may(viewer.roles, view.permission))
    .map(({ id, name, search }) => ({ id, name, path, search, shared: false, mine: false, ownerName: '' }));
  const saved = views.map(({ id, name, search, shared, owner, owner_name }) => ({
    id,
    name,
    path,
    search,
    shared,
    mine: owner === viewer.id,
    ownerName: owner_name,
  }));
  return { views: [...standing, ...saved] };
}

const saving = z.object({
  name: savedView.shape.name,
  search: viewSearch,
  shared: z
    .literal('yes')
    .optional()
    .transform((value) => value === 'yes'),
});
const removing = z.object({ id: savedView.shape.id });

/** Saves the view the form describes, or deletes one of the viewer's own. */
export async function action(args: ActionFunctionArgs): Promise<ViewsResult> {
  const form = Object.fromEntries(await args.request.formData());
  const list = listOf(form['list']);
  const viewer = requirePermission(args, savableLists[list].permission);
  const { views } = args.context;
  if (form['intent'] === 'remove') {
    const parsed = removing.safeParse(form);
    const removed = parsed.success && (await views.remove(list, viewer.id, parsed.data.id));
    return removed ? { ok: true, message: 'Deleted.' } : { ok: false, message: 'This view is gone already.' };
  }
  const parsed = saving.safeParse(form);
  if (!parsed.success) return { ok: false, message: 'Give the view a name of at most 80 characters.' };
  const saved = await views.save({ list, owner: viewer.id, owner_name: viewer.name, ...parsed.data });
  return saved
    ? { ok: true, message: 'Saved.' }
    : { ok: false, message: `You keep ${viewsPerUser} views of this list already. Delete one first.` };
}
