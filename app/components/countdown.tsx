import { countdown } from '#app/presenters/countdown.ts';
import { useClock } from './clock.tsx';
import { StatusMark } from './status-mark.tsx';
import { Instant } from './values.tsx';

/** Time left to a deadline by shape and word, ticking; the instant on hover. */
export function CountdownMark({ deadline }: { deadline: string }) {
  const { now } = useClock();
  const { word, condition } = countdown(deadline, now);
  if (deadline === '') return <span className="text-muted">–</span>;
  return (
    <span suppressHydrationWarning className="inline-flex items-baseline gap-1">
      <StatusMark condition={condition} word="" hideWord />
      <Instant
        at={deadline}
        words={word}
        className={condition === 'bad' ? 'text-bad' : condition === 'warn' ? 'text-warn' : ''}
      />
    </span>
  );
}
