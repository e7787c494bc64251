import type { CaseView } from '#app/presenters/case-page.ts';
import { Instant } from '#app/components/values.tsx';

/** Until when the payload can be seen and edited, and what becomes of the case then. */
export function KeptUntil({ kept }: Pick<CaseView, 'kept'>) {
  if (kept.arrived === undefined) return null;
  return (
    <p className="mt-2 text-label text-muted">
      {kept.arrived === '' ? (
        'What arrived is kept for ever.'
      ) : (
        <>
          What arrived is kept until <Instant at={kept.arrived} />
          {kept.corrected !== undefined && kept.corrected !== '' && (
            <>
              , the newest correction until <Instant at={kept.corrected} />
            </>
          )}
          . After that the payload can no longer be seen or edited; the case and its history stay.
        </>
      )}
    </p>
  );
}
