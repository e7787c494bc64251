import { Panel } from '#app/components/page.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import type { Standing } from '#app/presenters/causes-now.ts';
import { MuteWords } from './mute-words.tsx';

/** Owner, note, hold and mute of a cause, with who decided it and why. */
export function CauseDecisions({ standing, className }: { standing: Standing; className: string }) {
  const { owner, note, hold, mute } = standing;
  return (
    <Panel
      title="Decided"
      className={className}
      note={
        standing.updatedAt === '' ? undefined : (
          <>
            {standing.updatedBy}, <RelativeTime at={standing.updatedAt} />
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          <span className="text-muted">Owner: </span>
          {owner === '' ? <span className="text-muted">nobody yet</span> : owner}
        </p>
        {hold && (
          <Decision mark={<StatusMark condition="warn" word="On hold" />} by={hold.by} at={hold.at}>
            {hold.reason}
          </Decision>
        )}
        {mute && (
          <Decision
            mark={
              mute.holds ? (
                <StatusMark condition="none" word="Muted" />
              ) : (
                <StatusMark condition="info" word="The mute has ended" />
              )
            }
            by={mute.by}
            at={mute.at}
          >
            {mute.reason} <MuteWords mute={mute} />.
          </Decision>
        )}
        {note !== '' && (
          <div>
            <p className="text-muted">Note</p>
            <p className="break-words whitespace-pre-wrap">{note}</p>
          </div>
        )}
      </div>
    </Panel>
  );
}

function Decision(props: { mark: React.ReactNode; by: string; at: string; children: React.ReactNode }) {
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-2">
        {props.mark}
        <span className="text-label text-muted">
          {props.by}, <RelativeTime at={props.at} />
        </span>
      </p>
      <p className="break-words">{props.children}</p>
    </div>
  );
}
