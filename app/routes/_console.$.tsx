import type { LoaderFunctionArgs } from '@remix-run/node';
import { requireUser } from '#app/auth/guard.ts';

/** Any other address: said within the frame, in the viewer's theme. */
export function loader(args: LoaderFunctionArgs): never {
  requireUser(args);
  throw new Response(null, { status: 404, statusText: 'Not Found' });
}

export { RouteError as ErrorBoundary } from '#app/components/route-error.tsx';

export default function Nowhere() {
  return null;
}
