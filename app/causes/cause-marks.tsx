import { ExternalLink } from 'lucide-react';
import { Hint } from '#app/components/hint.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import type { Standing } from '#app/presenters/causes-now.ts';
import { MuteWords } from './mute-words.tsx';

/** What people decided about a cause, by shape and word; the whole of it on hover and on the cause's page. */
export function CauseMarks({ standing, plain = false }: { standing: Standing; plain?: boolean }) {
  const { hold, mute, note, runbookUrl } = standing;
  return (
    <span className="inline-flex items-baseline gap-x-2.5 empty:hidden">
      {hold && (
        <Hint text={`${hold.reason} (${hold.by})`}>
          <span tabIndex={0}>
            <StatusMark condition="warn" word="on hold" />
          </span>
        </Hint>
      )}
      {mute?.holds && (
        <Hint
          text={
            <>
              <MuteWords mute={mute} />. {mute.reason} ({mute.by})
            </>
          }
        >
          <span tabIndex={0}>
            <StatusMark condition="none" word="muted" />
          </span>
        </Hint>
      )}
      {note !== '' && !plain && (
        <Hint text={<span className="line-clamp-6 whitespace-pre-wrap">{note}</span>}>
          <span tabIndex={0}>
            <StatusMark condition="info" word="note" />
          </span>
        </Hint>
      )}
      {runbookUrl !== '' && !plain && <RunbookLink url={runbookUrl}>runbook</RunbookLink>}
    </span>
  );
}

/** The runbook somebody wrote for this very cause, wherever that is kept. */
export function RunbookLink({ url, children }: { url: string; children: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex items-center gap-1 text-accent hover:underline"
    >
      {children}
      <ExternalLink aria-label="(opens elsewhere)" className="size-3" />
    </a>
  );
}
