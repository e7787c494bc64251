import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { rememberPreference } from '#app/preferences.ts';

interface Clock {
  /** Milliseconds since the epoch; moves on once a second in the browser. */
  now: number;
  /** IANA zone in which times are shown. */
  timeZone: string;
}

const ClockContext = createContext<Clock>({ now: 0, timeZone: 'UTC' });

/**
 * One clock for the whole page. The first render uses the server's instant and the zone the browser named last time, so
 * that server and browser agree on every word; then it ticks.
 */
export function ClockProvider(props: { now: string | undefined; timeZone: string; children: ReactNode }) {
  const [now, setNow] = useState(() => (props.now === undefined ? Date.now() : Date.parse(props.now)));
  const [timeZone, setTimeZone] = useState(props.timeZone);

  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone !== timeZone) {
      rememberPreference('time_zone', zone);
      setTimeZone(zone);
    }
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    setNow(Date.now());
    return () => clearInterval(timer);
  }, [timeZone]);

  const clock = useMemo(() => ({ now, timeZone }), [now, timeZone]);
  return <ClockContext.Provider value={clock}>{props.children}</ClockContext.Provider>;
}

/** Time for the page: `{now, timeZone}`, ticking each second. */
export const useClock = (): Clock => useContext(ClockContext);
