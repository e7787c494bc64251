import { Panel } from '#app/components/page.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import type { CaseView } from '#app/presenters/case-page.ts';

/** What happened to the case, newest first. */
export function StoryView({ story }: Pick<CaseView, 'story'>) {
  return (
    <Panel title="History" note={`${story.length}`}>
      <ol className="flex flex-col gap-2">
        {[...story].reverse().map((entry) => (
          <li key={entry.id} className="border-l-2 border-line pl-3">
            <p>
              {entry.who !== '' && <span className="font-medium">{entry.who} </span>}
              {entry.did}
              <span className="text-label text-muted">
                {' '}
                <RelativeTime at={entry.at} />
              </span>
            </p>
            {entry.note !== '' && <p className="break-words whitespace-pre-line text-muted">{entry.note}</p>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
