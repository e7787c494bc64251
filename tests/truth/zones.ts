/** When a date begins in a zone, in milliseconds since 1970, whatever its clocks do that day. */
export function localMidnight(zone: string, date: string): number {
  const utc = Date.parse(`${date}T00:00:00.000Z`);
  const shown = (at: number): number => {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(at);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  };
  const guess = utc - (shown(utc) - utc);
  return guess - (shown(guess) - utc);
}
