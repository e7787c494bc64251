import { Instant } from '#app/components/values.tsx';
import { formatNumber } from '#app/format.ts';
import type { Standing } from '#app/presenters/causes-now.ts';

const cases = (count: number) => `${formatNumber(count)} ${count === 1 ? 'case' : 'cases'}`;

/** Until when a cause is muted, and how far that is; or what ended it. */
export function MuteWords({ mute }: { mute: NonNullable<Standing['mute']> }) {
  const { until, since, holds } = mute;
  switch (until.kind) {
    case 'date':
      return (
        <>
          {holds ? 'Muted until' : 'Was muted until'} <Instant at={until.at} />
        </>
      );
    case 'count':
      return holds
        ? `Muted until ${cases(until.cases)} more have come; ${formatNumber(since.opened)} so far`
        : `Was muted until ${cases(until.cases)} more had come; ${formatNumber(since.opened)} have`;
    case 'rate':
      return holds
        ? `Muted until more than ${cases(until.cases_per_hour)} come within an hour; ${formatNumber(since.busiest_hour)} at most so far`
        : `Was muted until more than ${cases(until.cases_per_hour)} came within an hour; ${formatNumber(since.busiest_hour)} did`;
  }
}
