import { Link } from '@remix-run/react';
import { StatusMark } from '#app/components/status-mark.tsx';
import { casePath } from '#app/orders/paths.ts';
import type { StoreDayView } from '#app/presenters/stores.ts';

/** Where a day stands; one in quarantine leads to its case. */
export function DayState({ day }: { day: StoreDayView }) {
  const mark = <StatusMark condition={day.condition} word={day.word} />;
  if (day.caseId !== '')
    return (
      <Link to={casePath(day.caseId)} className="hover:underline">
        {mark}
      </Link>
    );
  return <span title={day.note}>{mark}</span>;
}
