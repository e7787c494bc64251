import { clsx } from 'clsx';
import { formatDecimal, formatDuration, formatInstant, formatRough, minorUnits } from '#app/format.ts';
import { useClock } from './clock.tsx';
import { Hint } from './hint.tsx';

/** An amount with its currency, to the currency's minor unit. Exact: the decimal string is never made a float. */
export function Money({
  amount,
  currency,
  whole,
  className,
}: {
  amount: string;
  currency: string;
  whole?: boolean;
  className?: string;
}) {
  if (amount === '') return <span className="text-muted">–</span>;
  return (
    <span className={clsx('whitespace-nowrap', className)}>
      {formatDecimal(amount, whole ? 0 : minorUnits(currency))} <span className="text-muted">{currency}</span>
    </span>
  );
}

/** A length of time, in milliseconds. */
export function Duration({ ms, className }: { ms: number; className?: string }) {
  return <span className={clsx('whitespace-nowrap', className)}>{formatDuration(ms)}</span>;
}

/** How long ago (or until), with the exact instant in the viewer's zone and in UTC on hover. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const { now } = useClock();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <span className="text-muted">–</span>;
  const words = time > now + 999 ? `in ${formatRough(time - now)}` : `${formatRough(Math.max(0, now - time))} ago`;
  return <Instant at={at} words={words} {...(className === undefined ? {} : { className })} />;
}

/** An instant in the viewer's zone, or in other `words`; exact and in UTC on hover. */
export function Instant({ at, words, className }: { at: string; words?: string; className?: string }) {
  const { timeZone } = useClock();
  if (Number.isNaN(Date.parse(at))) return <span className="text-muted">–</span>;
  return (
    <Hint
      text={
        <>
          {formatInstant(at, timeZone, true)}
          <br />
          {formatInstant(at, 'UTC', true)}
        </>
      }
    >
      <time dateTime={at} suppressHydrationWarning tabIndex={-1} className={clsx('whitespace-nowrap', className)}>
        {words ?? formatInstant(at, timeZone)}
      </time>
    </Hint>
  );
}
