import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireUser } from '#app/auth/guard.ts';
import { presentSearch } from '#app/presenters/search.ts';

/** `GET /search?q=`: what the palette shows; the presenter asks only what the viewer's roles may see. */
export function loader(args: LoaderFunctionArgs) {
  const viewer = requireUser(args);
  return presentSearch(args.context, viewer, new URL(args.request.url).searchParams.get('q') ?? '');
}
