import { Link } from '@remix-run/react';
import { Page } from '#app/components/page.tsx';
import { runbookPath, runbooks } from './runbooks.ts';

const groups = [
  { title: 'Something a person corrects', classes: ['mapping', 'validation', 'reference', 'totals', 'stock'] },
  { title: 'The outside system', classes: ['rejected', 'auth', 'throttled', 'unavailable', 'timeout', 'conflict'] },
  { title: 'Syncline', classes: ['internal'] },
] as const;

/** Every runbook, by where the trouble lies. */
export function RunbookList() {
  return (
    <Page title="Runbooks" lead={'What each kind of failure means and how to cure it'}>
      <div className="flex max-w-3xl flex-col gap-4">
        {groups.map(({ title, classes }) => (
          <section key={title} aria-label={title}>
            <h2 className="mb-1 text-label text-muted">{title}</h2>
            <ul className="rounded border border-line bg-raised">
              {classes.map((one) => (
                <li key={one} className="border-b border-line last:border-0">
                  <Link to={runbookPath(one)} prefetch="intent" className="block px-3 py-2 hover:bg-hover">
                    <span className="font-medium">{runbooks[one].title}</span>
                    <span className="line-clamp-2 text-muted">{runbooks[one].means}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Page>
  );
}
