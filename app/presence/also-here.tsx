import { Users } from 'lucide-react';
import { presentWords, type Present } from './present.ts';

/** Who else has the case open. */
export function AlsoHere({ present }: { present: readonly Present[] }) {
  return (
    <span
      role="status"
      className={present.length === 0 ? 'sr-only' : 'inline-flex min-w-0 items-baseline gap-1.5 text-warn'}
    >
      {present.length > 0 && (
        <>
          <Users aria-hidden className="size-4 shrink-0 translate-y-0.5" />
          <span className="min-w-0 break-words">Also here: {present.map(presentWords).join('; ')}</span>
        </>
      )}
    </span>
  );
}
