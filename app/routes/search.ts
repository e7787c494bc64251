import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireUser } from '#app/auth/guard.ts';
import { presentSearch, type Found } from '#app/presenters/search.ts';

/** `GET /search?q=`: what the palette shows; the presenter asks only what the viewer's roles may see. */
export async function loader(args: LoaderFunctionArgs): Promise<Found> {
  const viewer = requireUser(args);
  const text = new URL(args.request.url).searchParams.get('q') ?? '';
  try {
    return await presentSearch(args.context, viewer, text);
  } catch (error) {
    // The palette lies over a page that works: it says that search does not, and the page stays.
    args.context.log.error({ err: error }, 'the search failed');
    return { text: text.trim(), groups: [], failed: true };
  }
}
