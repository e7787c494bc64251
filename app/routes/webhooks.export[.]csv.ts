import type { LoaderFunctionArgs } from '@remix-run/node';
import { requirePermission } from '#app/auth/guard.ts';
import { exportWebhooks } from '#app/webhooks/export.ts';

/** `GET /webhooks/export.csv`: every webhook. */
export function loader(args: LoaderFunctionArgs) {
  requirePermission(args, 'figures.read');
  return exportWebhooks(args.context);
}
