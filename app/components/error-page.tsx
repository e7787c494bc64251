import { Link } from '@remix-run/react';
import { StateNotice } from './state-notice.tsx';

const pages: Record<number, { title: string; text: string }> = {
  403: {
    title: 'Your role does not allow this',
    text: 'An administrator can give you a role that does. The attempt is in the audit trail.',
  },
  404: {
    title: 'There is nothing at this address',
    text: 'It may have been mistyped, or what it showed has aged out.',
  },
  503: {
    title: 'The figures cannot be read just now',
    text: 'Orders keep flowing. The console tries again by itself; you can also reload the page.',
  },
};

/** What stands instead of a page: what went wrong and where to go on. `detail` is a permission or a sentence from the loader. */
export function ErrorPage({ status, detail }: { status: number; detail: string }) {
  const page = pages[status] ?? {
    title: 'The console could not show this page',
    text: 'The error is in the log. Nothing was changed. Reload to try again.',
  };
  return (
    <div className="mx-auto flex min-h-[60dvh] max-w-xl flex-col justify-center p-6">
      <StateNotice
        alone
        kind="error"
        title={page.title}
        action={
          <Link className="text-accent underline underline-offset-2" to="/">
            Go to Live
          </Link>
        }
      >
        {page.text}
        {detail && (
          <span className="mt-1 block text-muted">{status === 403 ? `Permission needed: ${detail}.` : detail}</span>
        )}
      </StateNotice>
    </div>
  );
}
