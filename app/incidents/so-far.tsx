import { useClock } from '#app/components/clock.tsx';
import { formatDuration, formatRough } from '#app/format.ts';

/** "for 12 min", counted on. A clock is not announced: it stands outside of what screen readers are told of. */
export function ForSoLong({ since }: { since: string }) {
  const { now } = useClock();
  return <span suppressHydrationWarning>for {formatRough(Math.max(0, now - Date.parse(since)))}</span>;
}

/** How long it lasts so far, in whole seconds, counted on. */
export function SoFar({ since }: { since: string }) {
  const { now } = useClock();
  const lasts = Math.floor(Math.max(0, now - Date.parse(since)) / 1_000) * 1_000;
  return (
    <span className="whitespace-nowrap" suppressHydrationWarning>
      {formatDuration(lasts)}
    </span>
  );
}
