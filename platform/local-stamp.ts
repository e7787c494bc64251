/** A moment as a partner's documents write it. */
export interface LocalStamp {
  /** YYYYMMDD */
  date: string;
  /** HHMM */
  time: string;
  /** HHMMSS */
  seconds: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

/** A UTC instant on the clock of a zone (IANA). @throws RangeError for a zone that is none. */
export function toLocalStamp(instant: string, zone: string): LocalStamp {
  const parts = Object.fromEntries(
    formatIn(zone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts['year']?.padStart(4, '0')}${parts['month']}${parts['day']}`;
  const time = `${parts['hour']}${parts['minute']}`;
  return { date, time, seconds: `${time}${parts['second']}` };
}

/**
 * The UTC instant of a date (YYYYMMDD or YYMMDD) and a time of day (HHMM, HHMMSS…; midnight where absent) on the clock of
 * a zone. A time that the clock skips is taken as the one after; of one that it shows twice, the first.
 */
export function fromLocalStamp(date: string, time: string, zone: string): string | undefined {
  const [, century = '20', year, month, day] = /^(\d\d)?(\d\d)(\d\d)(\d\d)$/.exec(date) ?? [];
  const [, hour = '00', minute = '00', second = '00'] = /^(\d\d)(\d\d)(\d\d)?/.exec(time) ?? [];
  if (year === undefined) return undefined;
  const wanted = Date.parse(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
  if (Number.isNaN(wanted)) return undefined;
  // The zone's offset an hour or a day away may be another; the first guess that shows the wanted time is right.
  const offsets = [-86_400_000, 86_400_000].map((away) => offsetAt(wanted + away, zone));
  const guesses = offsets.map((offset) => wanted - offset);
  const right = guesses.find((guess) => offsetAt(guess, zone) === wanted - guess);
  return new Date(right ?? Math.max(...guesses)).toISOString();
}

/** How far a zone's clock is ahead of UTC, in milliseconds. */
function offsetAt(moment: number, zone: string): number {
  const { date, seconds } = toLocalStamp(new Date(moment).toISOString(), zone);
  const clock = Date.parse(
    `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${seconds.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
  );
  return clock - Math.floor(moment / 1000) * 1000;
}
