import { Link } from '@remix-run/react';
import { Identifier } from '#app/components/identifier.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { WebhookResult } from '#app/commands/webhook.ts';

/** What came of an action; a secret is shown this once. */
export function WebhookNotice({ result }: { result: WebhookResult | undefined }) {
  if (result === undefined) return null;
  if (!result.ok) return <Notice kind="bad">{result.message}</Notice>;
  if (result.secret === undefined) return <Notice kind="good">{result.message}</Notice>;
  return (
    <Notice kind="warn" title="Copy the secret now: it is not shown again">
      <Identifier value={result.secret} longest={80} />
      <p className="mt-1">
        {result.message} The receiver checks <code>webhook-signature</code> with it, as Standard Webhooks describes.{' '}
        {result.path !== undefined && (
          <Link to={result.path} className="text-accent hover:underline">
            Open the webhook
          </Link>
        )}
      </p>
    </Notice>
  );
}
