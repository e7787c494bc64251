import { Panel } from '#app/components/page.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import type { RuleView } from '#app/presenters/rule-page.ts';

/** Every version, the newest first: who made it, why, and what it changed. */
export function RuleHistory({ history }: Pick<RuleView, 'history'>) {
  return (
    <Panel title="Versions">
      <ol className="flex flex-col gap-2">
        {history.map((version) => (
          <li key={version.version} className="border-b border-line pb-2 last:border-0 last:pb-0">
            <span className="mr-2 font-medium">{version.version}</span>
            {version.by} {version.changed} <RelativeTime at={version.at} className="text-muted" />
            {version.reason !== '' && <p className="text-muted">{version.reason}</p>}
            {version.does.length > 0 && (
              <details className="text-label text-muted">
                <summary className="cursor-pointer">What this version does</summary>
                <ul className="mt-1 flex flex-col gap-0.5">
                  {version.does.map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
