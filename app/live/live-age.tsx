import { useClock } from '#app/components/clock.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { formatClock, formatRough } from '#app/format.ts';
import { useLiveContext } from './live-provider.tsx';

/** How old the page's figures are: "live, 0.8 s", or "stream lost, figures of 14:02:11". */
export function LiveAge() {
  const { connection, figuresAt } = useLiveContext();
  const { now, timeZone } = useClock();
  if (connection === 'lost')
    return (
      <StatusMark
        condition="bad"
        word={
          <>
            <span className="max-sm:hidden">stream lost, figures of</span>
            <span className="sm:hidden">lost,</span> {formatClock(figuresAt, timeZone, true)}
          </>
        }
      />
    );
  const age = Math.max(0, now - figuresAt);
  const words = age < 9_950 ? `${(age / 1_000).toFixed(1)} s` : formatRough(age);
  if (connection === 'connecting') return <StatusMark condition="none" word={`connecting, ${words}`} />;
  return <StatusMark condition="good" word={`live, ${words}`} />;
}
