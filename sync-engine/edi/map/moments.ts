import type { Partner } from '../partner.ts';
import { fromLocalStamp } from '#platform/local-stamp.ts';
import type { FunctionalGroup } from '../reading.ts';

/**
 * The UTC instant of a date in a document. Where the document gives no time of day, a document sent on that very day tells
 * it by its own; else it is the beginning of the day.
 */
export function momentOf(
  date: string | undefined,
  time: string | undefined,
  { header }: Pick<FunctionalGroup, 'header'>,
  { time_zone }: Pick<Partner, 'time_zone'>,
): string | undefined {
  const sent = date !== undefined && header?.date === date ? header.time : '';
  return date === undefined ? undefined : fromLocalStamp(date, time ?? sent, time_zone);
}
